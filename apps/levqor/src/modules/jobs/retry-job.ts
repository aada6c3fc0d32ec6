// Brings one dead or cancelled job back; finished steps are kept.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const retryJob = defineVerb({
  name: 'jobs.retry',
  kind: 'write',
  access: { actors: ['user', 'apiKey'], role: 'member', scope: 'jobs:write', impersonated: 'allowed' },
  input: z.object({ jobId: z.string() }),
  async run({ db, services, workspaceId, actor, audit }, { jobId }) {
    const result = await services.jobs.redrive(db, { workspaceId, jobId }, { by: actor.kind })
    if (result === 'not_found') throw serviceError('job_not_found')
    if (result === 'not_dead') throw serviceError('job_not_redrivable')
    await audit({ action: 'job.retried', target: { kind: 'job', id: jobId } })
    return { jobId, status: 'queued' as const }
  },
})
