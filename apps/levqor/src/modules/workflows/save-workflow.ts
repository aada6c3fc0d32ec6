// Publishes a workflow or a new version of it. Everything wrong with the definition is told at once.
import { serviceError } from '@levqor/server'
import { checkDefinition, connectors, saveWorkflow as save } from '@levqor/workflows'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const saveWorkflow = defineVerb({
  name: 'workflows.save',
  kind: 'write',
  access: { actors: ['user', 'apiKey'], role: 'member', scope: 'workflows:write', impersonated: 'allowed' },
  input: z.object({ definition: z.record(z.string(), z.unknown()) }),
  async prepare({ services, workspaceId }, { definition }) {
    const result = await checkDefinition(definition, { connectors, sandbox: services.sandbox, workspaceId })
    if (!result.ok) throw serviceError('invalid_definition', { problems: result.problems })
    return result.definition
  },
  async run({ db, clock, ids, actor, audit, changedNothing }, _input, definition) {
    const createdBy = actor.kind === 'anonymous' ? undefined : actor.id
    const saved = await save(db, { definition, createdBy }, { clock, ids })
    if (saved.created) {
      await audit({
        action: 'workflow.published',
        target: { kind: 'workflow', id: saved.workflowId },
        details: { name: saved.name, version: saved.version },
      })
    } else changedNothing()
    return saved
  },
})
