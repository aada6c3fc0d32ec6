// The steps of a job: those that have begun with their checkpoints, the others as the definition plans them.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const getJobSteps = defineVerb({
  name: 'jobs.steps',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.object({ jobId: z.string() }),
  async run({ db, services, workspaceId }, { jobId }) {
    const job = await services.jobs.get({ workspaceId, jobId })
    if (!job) throw serviceError('job_not_found')
    const steps = await services.jobs.steps({ workspaceId, jobId })
    const version = job.workflow ? await services.workflows.version(db, job.workflow.versionId) : undefined
    return { job, steps, planned: version ? services.workflows.plannedSteps(version.definition) : [] }
  },
})
