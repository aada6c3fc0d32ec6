// The steps of a job: those that have begun with their checkpoints, the others as the definition plans them.
import { connectors, type Definition } from '@levqor/workflows'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'
import type { PlannedStep } from './present-job.ts'
import { requireJob, versionOf } from './require-job.ts'

export const getJobSteps = defineVerb({
  name: 'jobs.steps',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.object({ jobId: z.string() }),
  async run(ctx, { jobId }) {
    const job = await requireJob(ctx, jobId)
    const steps = await ctx.services.jobs.steps({ workspaceId: ctx.workspaceId, jobId })
    const version = await versionOf(ctx.db, job)
    return { job, steps, planned: version ? plannedSteps(version.definition) : [] }
  },
})

function plannedSteps({ steps }: Definition): PlannedStep[] {
  return steps.map(({ id, use, with: input = {} }) => {
    const effect = connectors.get(use)?.effect ?? 'unsafe'
    return { id, use, effect: typeof effect === 'function' ? effect(input) : effect }
  })
}
