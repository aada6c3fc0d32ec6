// Workflows: the definition language, the sandbox for whatever tenants write, the connectors and the step engine.

export {
  callbackFollowUps,
  callbackQueue,
  callbackTask,
  callbackTaskId,
} from './callback/callback-task.ts'
export { checkCallbackUrl, type TargetCheck } from './callback/check-callback-url.ts'
export {
  type Connector,
  type ConnectorContext,
  type ConnectorOptions,
  type ConnectorResult,
  type ConnectorServices,
  type ConnectorTable,
  defineConnector,
  type Egress,
  type EgressResponse,
} from './connectors/connector.ts'
export { connectors } from './connectors/connector-table.ts'
export {
  type CheckedDefinition,
  checkDefinition,
  type DefinitionResult,
  type DefinitionTools,
} from './definition/check-definition.ts'
export { type Definition, definitionLimits, type StepDefinition } from './definition/definition.ts'
export { definitionSchema } from './definition/definition-schema.ts'
export { maxStepBytes } from './engine/prepare-step.ts'
export { workflowTask, workflowTaskId } from './engine/workflow-task.ts'
export type { Json, JsonObject } from './json.ts'
export type { Problem } from './problem.ts'
export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox/create-sandbox.ts'
export type { SandboxOperations } from './sandbox/operations.ts'
export { createPayloadChecker, type PayloadCheck, type PayloadResult } from './schema/check-payload.ts'
export { installShippedWorkflows, shippedWorkflows } from './shipped/shipped-workflows.ts'
export { getWorkflow, type WorkflowAddress } from './store/get-workflow.ts'
export { listVersions, listWorkflows, type PageRequest, type WorkflowPage } from './store/list-workflows.ts'
export { loadVersion } from './store/load-version.ts'
export { type SavedWorkflow, saveWorkflow } from './store/save-workflow.ts'
export type { WorkflowVersion } from './store/workflow-row.ts'
export { workflowsSchema } from './store/workflows-schema.ts'
export { codeOf, type WorkflowError, type WorkflowErrorCode } from './workflow-error.ts'
