// The task behind every job of kind `workflow`.
import { defineTask, type Task, taskError } from '@levqor/jobs'
import type { ConnectorServices, ConnectorTable } from '../connectors/connector.ts'
import type { Definition } from '../definition/definition.ts'
import { loadVersion } from '../store/load-version.ts'
import { runWorkflow } from './run-workflow.ts'

/** The `kind` of jobs that run workflows. */
export const workflowTaskId = 'workflow'

const maxCached = 200
const longestRunMs = 3_600_000

/**
 * Enqueue its jobs with `kind: workflowTaskId`, the checked payload (see `createPayloadChecker`) and
 * `workflow: { id, versionId, name }`.
 *
 * @example
 * createRunner({ store, tasks: [workflowTask({ connectors, services })] })
 */
export function workflowTask(parts: {
  readonly connectors: ConnectorTable
  readonly services: ConnectorServices
}): Task {
  const { connectors, services } = parts
  // Versions never change, so a copy never goes stale.
  const cache = new Map<string, Definition>()

  async function definitionOf(workspaceId: string, versionId: string): Promise<Definition> {
    const key = `${workspaceId} ${versionId}`
    const known = cache.get(key)
    if (known) return known
    const version = await loadVersion(services.database.workspace(workspaceId).read, versionId)
    if (!version) {
      throw taskError({
        code: 'workflow_version_not_found',
        message: 'The version of the workflow that this job runs no longer exists.',
        final: true,
      })
    }
    const oldest = cache.keys().next()
    if (cache.size >= maxCached && !oldest.done) cache.delete(oldest.value)
    cache.set(key, version.definition)
    return version.definition
  }

  return defineTask({
    id: workflowTaskId,
    timeoutMs: longestRunMs,
    async run(task) {
      const { workflow, workspaceId } = task.job
      const definition = await definitionOf(workspaceId, workflow?.versionId ?? '')
      return runWorkflow({ task, definition, connectors, services })
    },
  })
}
