// Stops a job: at once when it waits, as soon as its worker notices when it runs.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const cancelJob = defineVerb({
  name: 'jobs.cancel',
  kind: 'write',
  access: { actors: ['user', 'apiKey'], role: 'member', scope: 'jobs:write', impersonated: 'allowed' },
  input: z.object({ jobId: z.string() }),
  async run({ db, services, workspaceId, actor, audit }, { jobId }) {
    const result = await services.jobs.cancel(db, { workspaceId, jobId }, actor.kind)
    if (result === 'not_found') throw serviceError('job_not_found')
    if (result === 'finished') throw serviceError('job_finished')
    await audit({ action: 'job.cancelled', target: { kind: 'job', id: jobId } })
    return { jobId, status: result === 'cancelled' ? ('cancelled' as const) : ('running' as const) }
  },
})
