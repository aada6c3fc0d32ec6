// One job with its payload, its attempts and the version of the workflow that it runs.
import { z } from 'zod'
import { defineVerb } from '../../services.ts'
import { requireJob, versionOf } from './require-job.ts'

export const getJob = defineVerb({
  name: 'jobs.get',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.object({ jobId: z.string() }),
  async run(ctx, { jobId }) {
    const job = await requireJob(ctx, jobId)
    const attempts = await ctx.services.jobs.attempts({ workspaceId: ctx.workspaceId, jobId })
    const version = await versionOf(ctx.db, job)
    return { job, attempts, version: version?.version }
  },
})
