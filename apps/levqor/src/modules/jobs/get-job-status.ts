// Status and result of one job.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const getJobStatus = defineVerb({
  name: 'jobs.status',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.object({ jobId: z.string() }),
  async run({ services, workspaceId }, { jobId }) {
    const job = await services.jobs.get({ workspaceId, jobId })
    if (!job) throw serviceError('job_not_found')
    return job
  },
})
