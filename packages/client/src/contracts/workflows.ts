// Workflows: list, read, publish a version, check a definition without publishing it.
import { z } from 'zod'
import { defineContract, page, pageQuery, publicId, timestamp } from './contract.ts'
import { validationProblem } from './problem.ts'

export const workflowName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,62}$/,
    'expected a name like page-digest: lower-case letters, digits and dashes, at most 63',
  )

// The language itself is checked by its own package, which reports every problem with a pointer.
export const workflowDefinition = z.record(z.string(), z.unknown())

export const workflowSummary = z.object({
  id: publicId('wf'),
  name: workflowName,
  title: z.string(),
  description: z.string(),
  version: z.number().int(),
  steps: z.number().int(),
  updated_at: timestamp,
})

export const workflow = workflowSummary.extend({
  input: z.record(z.string(), z.unknown()).describe('JSON Schema 2020-12 of the payload'),
  definition: workflowDefinition,
})

export const workflowVersion = z.object({
  version: z.number().int(),
  created_at: timestamp,
  definition: workflowDefinition,
})

export const listWorkflows = defineContract({
  id: 'workflows.list',
  method: 'GET',
  path: '/api/v1/workflows',
  summary: 'List workflows by name',
  status: 200,
  query: z.strictObject(pageQuery),
  answer: page(workflowSummary),
})

export const getWorkflow = defineContract({
  id: 'workflows.get',
  method: 'GET',
  path: '/api/v1/workflows/{name}',
  summary: 'The newest version of a workflow',
  status: 200,
  params: z.strictObject({ name: workflowName }),
  answer: workflow,
})

export const listWorkflowVersions = defineContract({
  id: 'workflows.versions',
  method: 'GET',
  path: '/api/v1/workflows/{name}/versions',
  summary: 'All versions of a workflow, newest first',
  status: 200,
  params: z.strictObject({ name: workflowName }),
  query: z.strictObject(pageQuery),
  answer: page(workflowVersion),
})

export const saveWorkflow = defineContract({
  id: 'workflows.save',
  method: 'POST',
  path: '/api/v1/workflows',
  summary: 'Publish a workflow, or a new version of it; the definition is the body',
  status: 201,
  body: workflowDefinition,
  answer: workflow,
})

export const validateWorkflow = defineContract({
  id: 'workflows.validate',
  method: 'POST',
  path: '/api/v1/workflows/validate',
  summary: 'Check a definition without publishing it',
  status: 200,
  body: workflowDefinition,
  answer: z.object({ valid: z.boolean(), problems: z.array(validationProblem) }),
})

export type WorkflowSummary = z.infer<typeof workflowSummary>
export type Workflow = z.infer<typeof workflow>
