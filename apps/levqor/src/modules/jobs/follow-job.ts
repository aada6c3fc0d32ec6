// Whether a job may be followed, and what it looks like at the start; the route then streams its events.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const followJob = defineVerb({
  name: 'jobs.events',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.object({ jobId: z.string(), afterSeq: z.number().int().min(0) }),
  async run({ services, workspaceId }, { jobId, afterSeq }) {
    const job = await services.jobs.get({ workspaceId, jobId })
    if (!job) throw serviceError('job_not_found')
    return { job, afterSeq }
  },
})
