// From a published version to what the API says of it.
import { toPublicId, type Workflow, type WorkflowSummary } from '@levqor/client'
import type { WorkflowVersion } from '@levqor/workflows'
import { rfc3339 } from '../jobs/present-job.ts'

export function presentWorkflowSummary(version: WorkflowVersion): WorkflowSummary {
  const { definition } = version
  return {
    id: toPublicId('wf', version.workflowId),
    name: version.name,
    title: definition.title ?? titleOf(version.name),
    description: definition.description ?? '',
    version: version.version,
    steps: definition.steps.length,
    updated_at: rfc3339(version.createdAt),
  }
}

export function presentWorkflow(version: WorkflowVersion): Workflow {
  return {
    ...presentWorkflowSummary(version),
    input: { ...(version.definition.input ?? { type: 'object' }) },
    definition: { ...version.definition },
  }
}

export function presentVersion(version: WorkflowVersion) {
  return {
    version: version.version,
    created_at: rfc3339(version.createdAt),
    definition: { ...version.definition },
  }
}

/** `page-digest` → `Page digest` */
function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
