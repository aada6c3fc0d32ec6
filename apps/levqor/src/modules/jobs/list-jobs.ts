// Jobs of workflows, newest first. Jobs that Levqor makes for itself (mail, callbacks) belong to the job that caused them.
import { jobState } from '@levqor/client'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const listJobs = defineVerb({
  name: 'jobs.list',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.object({
    limit: z.number(),
    cursor: z.string().optional(),
    status: jobState.optional(),
    workflow: z.string().optional(),
  }),
  run({ services, workspaceId }, { limit, cursor, status, workflow }) {
    return services.jobs.list({
      workspaceId,
      kind: 'workflow',
      limit,
      ...(cursor === undefined ? {} : { cursor }),
      ...(status === undefined ? {} : { states: [status] }),
      ...(workflow === undefined ? {} : { workflowName: workflow }),
    })
  },
})
