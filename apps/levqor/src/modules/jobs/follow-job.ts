// Whether a job may be followed, and what it looks like at the start; the route then streams its events.
import { z } from 'zod'
import { defineVerb } from '../../services.ts'
import { requireJob } from './require-job.ts'

export const followJob = defineVerb({
  name: 'jobs.events',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.object({ jobId: z.string(), afterSeq: z.number().int().min(0) }),
  async run(ctx, { jobId, afterSeq }) {
    return { job: await requireJob(ctx, jobId), afterSeq }
  },
})
