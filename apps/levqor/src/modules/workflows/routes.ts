// Routes of workflows.
import * as contracts from '@levqor/client'
import { defineRoute } from '@levqor/server'
import { getWorkflow } from './get-workflow.ts'
import { listWorkflowVersions } from './list-workflow-versions.ts'
import { listWorkflows } from './list-workflows.ts'
import { presentVersion, presentWorkflow, presentWorkflowSummary } from './present-workflow.ts'
import { saveWorkflow } from './save-workflow.ts'
import { validateWorkflow } from './validate-workflow.ts'

export const workflowRoutes = [
  defineRoute({
    contract: contracts.listWorkflows,
    door: 'read',
    verb: listWorkflows,
    input: ({ query }) => query,
    present: ({ items, nextCursor }) => ({
      items: items.map(presentWorkflowSummary),
      next_cursor: nextCursor ?? null,
      has_more: nextCursor !== undefined,
    }),
  }),
  defineRoute({
    contract: contracts.getWorkflow,
    door: 'read',
    verb: getWorkflow,
    input: ({ params }) => ({ name: params.name }),
    present: presentWorkflow,
  }),
  defineRoute({
    contract: contracts.listWorkflowVersions,
    door: 'read',
    verb: listWorkflowVersions,
    input: ({ params, query }) => ({ name: params.name, ...query }),
    present: ({ items, nextCursor }) => ({
      items: items.map(presentVersion),
      next_cursor: nextCursor ?? null,
      has_more: nextCursor !== undefined,
    }),
  }),
  defineRoute({
    contract: contracts.saveWorkflow,
    door: 'run',
    verb: saveWorkflow,
    input: ({ body }) => ({ definition: body }),
    present: presentWorkflow,
  }),
  defineRoute({
    contract: contracts.validateWorkflow,
    door: 'run',
    verb: validateWorkflow,
    input: ({ body }) => ({ definition: body }),
    present: (problems) => ({ valid: problems.length === 0, problems: [...problems] }),
  }),
]
