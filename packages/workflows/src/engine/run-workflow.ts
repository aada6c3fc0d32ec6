// Runs the steps of a workflow in order, from wherever an earlier run of the job left off.
import { type TaskContext, type TaskOutcome, taskError } from '@levqor/jobs'
import type { ConnectorServices, ConnectorTable } from '../connectors/connector.ts'
import type { Definition } from '../definition/definition.ts'
import { codeOf } from '../workflow-error.ts'
import { checkSize } from './prepare-step.ts'
import { renderValues, type Scope } from './render-values.ts'
import { runStep } from './run-step.ts'

export interface WorkflowRun {
  readonly task: TaskContext
  readonly definition: Definition
  readonly connectors: ConnectorTable
  readonly services: ConnectorServices
}

/** @throws TaskError whose `details.step` names the step that failed */
export async function runWorkflow(run: WorkflowRun): Promise<TaskOutcome> {
  const { task, definition } = run
  const outputs = new Map<string, unknown>()
  const scope = (): Scope => ({ payload: task.payload, steps: Object.fromEntries(outputs) })
  for (const [position, step] of definition.steps.entries()) {
    task.signal.throwIfAborted()
    const end = await runStep(run, step, position, scope())
    if ('stop' in end) return end.stop
    outputs.set(step.id, end.output)
    task.progress((100 * (position + 1)) / definition.steps.length)
  }
  return { kind: 'succeeded', result: await makeResult(run, scope()) }
}

async function makeResult({ task, definition, services }: WorkflowRun, scope: Scope): Promise<unknown> {
  if (definition.output === undefined) return scope.steps[definition.steps.at(-1)?.id ?? ''] ?? null
  try {
    const { sandbox } = services
    const { workspaceId } = task.job
    const result = (await renderValues(definition.output, { scope, sandbox, workspaceId })) ?? null
    checkSize('result', result)
    return result
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const final = error instanceof Error && 'final' in error && error.final === true
    throw taskError({
      code: codeOf(error) ?? 'step_failed',
      message: `Output: ${message}`,
      final,
      cause: error,
    })
  }
}
