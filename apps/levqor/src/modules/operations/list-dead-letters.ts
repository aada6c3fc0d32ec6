// Dead jobs of the workspace, newest first: workflows, and what Levqor did for them (callbacks, mail).
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const listDeadLetters = defineVerb({
  name: 'ops.dlq',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'jobs:read' },
  input: z.object({ limit: z.number(), cursor: z.string().optional(), workflow: z.string().optional() }),
  run({ services, workspaceId }, { limit, cursor, workflow }) {
    return services.jobs.list({
      workspaceId,
      states: ['dead'],
      limit,
      ...(cursor === undefined ? {} : { cursor }),
      ...(workflow === undefined ? {} : { workflowName: workflow }),
    })
  },
})
