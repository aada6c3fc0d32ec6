// Brings dead letters back: named ones, or all of a workflow, or all; or only counts them.
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const retryDeadLetters = defineVerb({
  name: 'ops.dlq.retry',
  kind: 'write',
  access: { actors: ['user', 'apiKey'], role: 'member', scope: 'jobs:write', impersonated: 'allowed' },
  input: z.object({
    jobIds: z.array(z.string()).optional(),
    workflow: z.string().optional(),
    preview: z.boolean(),
  }),
  async run({ db, services, workspaceId, actor, audit, changedNothing }, { jobIds, workflow, preview }) {
    const filter = { workspaceId, ...(workflow === undefined ? {} : { workflowName: workflow }) }
    const { count, workflows } = await services.jobs.previewRedrive(filter)
    const matched = jobIds === undefined ? count : jobIds.length
    const shown = workflows.map(({ name, count: found }) => ({ workflow: name, count: found }))
    if (preview) {
      changedNothing()
      return { preview, matched, workflows: shown, redriven: [] as readonly string[] }
    }
    const redriven = jobIds
      ? await redriveNamed(jobIds)
      : await services.jobs.redriveMany(db, filter, { by: actor.kind })
    if (redriven.length === 0) changedNothing()
    else
      await audit({
        action: 'dead_letters.retried',
        details: { count: redriven.length, workflow: workflow ?? null },
      })
    return { preview, matched, workflows: shown, redriven }

    async function redriveNamed(ids: readonly string[]): Promise<readonly string[]> {
      const done: string[] = []
      for (const jobId of ids) {
        // An id of another workspace is as good as none; one that is not dead any more needs nothing.
        const result = await services.jobs.redrive(db, { workspaceId, jobId }, { by: actor.kind })
        if (result === 'redriven') done.push(jobId)
      }
      return done
    }
  },
})
