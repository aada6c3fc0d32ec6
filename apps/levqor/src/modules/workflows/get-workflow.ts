// The current version of one workflow.
import { serviceError } from '@levqor/server'
import { getWorkflow as find } from '@levqor/workflows'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const getWorkflow = defineVerb({
  name: 'workflows.get',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'workflows:read' },
  input: z.object({ name: z.string() }),
  async run({ db }, { name }) {
    const version = await find(db, { name })
    if (!version) throw serviceError('workflow_not_found')
    return version
  },
})
