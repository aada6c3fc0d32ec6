// Checks a definition without publishing it.
import { checkDefinition, connectors } from '@levqor/workflows'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const validateWorkflow = defineVerb({
  name: 'workflows.validate',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'workflows:read' },
  input: z.object({ definition: z.record(z.string(), z.unknown()) }),
  async run({ services, workspaceId }, { definition }) {
    const result = await checkDefinition(definition, { connectors, sandbox: services.sandbox, workspaceId })
    return result.ok ? [] : result.problems
  },
})
