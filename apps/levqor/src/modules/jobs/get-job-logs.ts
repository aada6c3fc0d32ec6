// The lines a job has written, oldest first.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const getJobLogs = defineVerb({
  name: 'jobs.logs',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.object({ jobId: z.string(), after: z.number() }),
  async run({ services, workspaceId }, { jobId, after }) {
    const job = await services.jobs.get({ workspaceId, jobId })
    if (!job) throw serviceError('job_not_found')
    return services.jobs.logs({ workspaceId, jobId, afterSeq: after })
  },
})
