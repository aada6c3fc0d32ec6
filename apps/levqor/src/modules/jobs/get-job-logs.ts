// The lines a job has written, oldest first.
import { z } from 'zod'
import { defineVerb } from '../../services.ts'
import { requireJob } from './require-job.ts'

export const getJobLogs = defineVerb({
  name: 'jobs.logs',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.object({ jobId: z.string(), after: z.number() }),
  async run(ctx, { jobId, after }) {
    await requireJob(ctx, jobId)
    return ctx.services.jobs.logs({ workspaceId: ctx.workspaceId, jobId, afterSeq: after })
  },
})
