// The steps of a job: those that have begun with their checkpoints, the others as the definition plans them.
import { serviceError } from '@levqor/server'
import { connectors, type Definition, loadVersion } from '@levqor/workflows'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'
import type { PlannedStep } from './present-job.ts'

export const getJobSteps = defineVerb({
  name: 'jobs.steps',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.object({ jobId: z.string() }),
  async run({ db, services, workspaceId }, { jobId }) {
    const job = await services.jobs.get({ workspaceId, jobId })
    if (!job) throw serviceError('job_not_found')
    const steps = await services.jobs.steps({ workspaceId, jobId })
    const version = job.workflow && (await loadVersion(db, job.workflow.versionId))
    return { job, steps, planned: version ? plannedSteps(version.definition) : [] }
  },
})

function plannedSteps({ steps }: Definition): PlannedStep[] {
  return steps.map(({ id, use, with: input = {} }) => {
    const effect = connectors.get(use)?.effect ?? 'unsafe'
    return { id, use, effect: typeof effect === 'function' ? effect(input) : effect }
  })
}
