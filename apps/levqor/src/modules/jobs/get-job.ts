// One job with its payload, its attempts and the version of the workflow that it runs.
import { serviceError } from '@levqor/server'
import { loadVersion } from '@levqor/workflows'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const getJob = defineVerb({
  name: 'jobs.get',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.object({ jobId: z.string() }),
  async run({ db, services, workspaceId }, { jobId }) {
    const job = await services.jobs.get({ workspaceId, jobId })
    if (!job) throw serviceError('job_not_found')
    const attempts = await services.jobs.attempts({ workspaceId, jobId })
    const version = job.workflow && (await loadVersion(db, job.workflow.versionId))
    return { job, attempts, version: version?.version }
  },
})
