// All versions of one workflow, newest first.
import { serviceError } from '@levqor/server'
import { getWorkflow, listVersions } from '@levqor/workflows'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const listWorkflowVersions = defineVerb({
  name: 'workflows.versions',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'viewer', scope: 'workflows:read' },
  input: z.object({ name: z.string(), limit: z.number(), cursor: z.string().optional() }),
  async run({ db }, { name, ...page }) {
    const current = await getWorkflow(db, { name })
    if (!current) throw serviceError('workflow_not_found')
    return listVersions(db, current.workflowId, page)
  },
})
