// Status and result of one job.
import { z } from 'zod'
import { defineVerb } from '../../services.ts'
import { requireJob } from './require-job.ts'

export const getJobStatus = defineVerb({
  name: 'jobs.status',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.object({ jobId: z.string() }),
  run: (ctx, { jobId }) => requireJob(ctx, jobId),
})
