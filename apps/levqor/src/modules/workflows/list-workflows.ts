// The workflows of the workspace by name.
import { listWorkflows as list } from '@levqor/workflows'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const listWorkflows = defineVerb({
  name: 'workflows.list',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'workflows:read' },
  input: z.object({ limit: z.number(), cursor: z.string().optional() }),
  run: ({ db }, request) => list(db, request),
})
