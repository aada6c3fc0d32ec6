// One step from its checkpoint to its output: prepared, begun, called, finished.
import {
  type StepRecord,
  type StepStart,
  type TaskContext,
  type TaskOutcome,
  taskError,
  undecidedStep,
} from '@levqor/jobs'
import type { Connector, ConnectorContext, ConnectorResult } from '../connectors/connector.ts'
import { definitionLimits, type StepDefinition } from '../definition/definition.ts'
import { isObject } from '../json.ts'
import { codeOf, workflowError } from '../workflow-error.ts'
import { checkSize, type PreparedStep, prepareStep } from './prepare-step.ts'
import { pickScope, type Scope } from './render-values.ts'
import type { WorkflowRun } from './run-workflow.ts'

export type StepEnd = { readonly output: unknown } | { readonly stop: TaskOutcome }

/** What a step that waits keeps in its checkpoint. */
interface WaitState {
  readonly until: number
  readonly output: unknown
}

/** @throws TaskError when the step failed; the failure is recorded before */
export async function runStep(
  run: WorkflowRun,
  step: StepDefinition,
  position: number,
  scope: Scope,
): Promise<StepEnd> {
  const { task, services } = run
  const known = task.steps.get(step.id)
  if (known?.state === 'succeeded' || known?.state === 'skipped') return { output: known.output ?? null }
  const connector = run.connectors.get(step.use)
  const base = { stepId: step.id, position, connector: step.use }
  const fail = (error: unknown, effect: PreparedStep['effect']) => recordFailure(task, step, effect, error)
  if (!connector) {
    await task.steps.begin({ ...base, effect: 'idempotent' })
    return fail(
      workflowError('bad_step_input', `There is no connector ${step.use}.`, { final: true }),
      'idempotent',
    )
  }
  let prepared: PreparedStep | undefined
  try {
    prepared =
      recorded(known) ??
      (await prepareStep(step, connector, {
        scope,
        sandbox: services.sandbox,
        workspaceId: task.job.workspaceId,
      }))
  } catch (error) {
    await task.steps.begin({ ...base, effect: 'idempotent' })
    return fail(error, 'idempotent')
  }
  if (!prepared) {
    await task.steps.skip({ ...base, effect: 'idempotent' })
    task.log('info', `Step ${step.id} skipped: its condition is not true.`, { step: step.id })
    return { output: null }
  }
  const start = await task.steps.begin({ ...base, ...prepared })
  if (start.kind !== 'run') return goOn(run, step, start, prepared)
  // On disk before the effect: after a crash the same input goes out with the same key.
  if (prepared.effect === 'keyed') await task.flush()
  task.log('info', `Step ${step.id} (${step.use}) started.`, { step: step.id, attempt: start.attempt })
  try {
    const result = await call(run, step, connector, prepared, start.key, scope)
    checkSize('output', result.output)
    if ('waitUntil' in result)
      return await wait(task, step.id, { until: result.waitUntil, output: result.output })
    await task.steps.finish(step.id, {
      output: result.output,
      costMicros: connector.costMicros(result.output),
    })
    task.log('info', `Step ${step.id} finished.`, { step: step.id })
    return { output: result.output }
  } catch (error) {
    return fail(error, prepared.effect)
  }
}

/**
 * A step that waits, was left in flight or failed after it may have had an effect goes on with what was recorded:
 * the same key must carry the same input, also where the parameters hold the time or chance.
 */
function recorded(known: StepRecord | undefined): PreparedStep | undefined {
  if (!known || known.inputDigest === undefined || !isObject(known.input)) return undefined
  if (known.state !== 'waiting' && known.effect === 'idempotent') return undefined
  return { effect: known.effect, input: known.input, inputDigest: known.inputDigest }
}

async function goOn(
  { task, services }: WorkflowRun,
  step: StepDefinition,
  start: Exclude<StepStart, { readonly kind: 'run' }>,
  { effect, ...input }: PreparedStep,
): Promise<StepEnd> {
  switch (start.kind) {
    case 'finished':
      return { output: start.step.output ?? null }
    case 'undecided':
      task.log(
        'warn',
        `Step ${step.id} was in flight when its worker ended; a person must say whether it took effect.`,
      )
      return { stop: { kind: 'blocked', reason: undecidedStep } }
    case 'waiting': {
      // Written by `wait` below.
      const state = start.step.output as WaitState
      if (services.clock.now() < state.until) return { stop: { kind: 'wait', until: state.until } }
      await task.steps.finish(step.id, { output: state.output })
      return { output: state.output }
    }
    case 'decided': {
      const { position, connector } = start.step
      if (start.decision === 'skip') {
        await task.steps.skip({ stepId: step.id, position, connector, effect, ...input })
        return { output: null }
      }
      const error = taskError({
        code: 'step_rejected',
        message: 'A person marked this step as failed.',
        final: true,
      })
      return recordFailure(task, step, effect, error)
    }
  }
}

async function wait(task: TaskContext, stepId: string, state: WaitState): Promise<StepEnd> {
  await task.steps.wait(stepId, state)
  return { stop: { kind: 'wait', until: state.until } }
}

async function call(
  { task, services, definition }: WorkflowRun,
  step: StepDefinition,
  connector: Connector,
  prepared: PreparedStep,
  idempotencyKey: string,
  scope: Scope,
): Promise<ConnectorResult> {
  const { job } = task
  const limitMs = step.timeoutMs ?? definitionLimits.defaultStepTimeoutMs
  const limit = new AbortController()
  const timer = setTimeout(() => {
    limit.abort(workflowError('step_timeout', `The step did not finish within ${limitMs} ms.`))
  }, limitMs)
  const signal = AbortSignal.any([task.signal, limit.signal])
  const context: ConnectorContext = {
    ...services,
    workspaceId: job.workspaceId,
    jobId: job.id,
    stepId: step.id,
    workflowName: definition.name,
    idempotencyKey,
    jobStartedAt: job.startedAt ?? job.createdAt,
    requestId: job.requestId,
    signal,
    readable: (texts) => pickScope(scope, texts),
  }
  try {
    return await orAbort(connector.run(context, prepared.input), signal)
  } finally {
    clearTimeout(timer)
  }
}

/** A connector that ignores its signal is left behind. */
async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (stop) signal.removeEventListener('abort', stop)
    work.catch(() => undefined)
  }
}

async function recordFailure(
  task: TaskContext,
  step: StepDefinition,
  effect: PreparedStep['effect'],
  error: unknown,
): Promise<never> {
  // Cancelled, handed back or lost: the job's own settlement tells the story, and the step stays in flight.
  if (task.signal.aborted) throw task.signal.reason
  const facts = readFacts(error)
  await task.steps.fail(step.id, { error: facts })
  task.log('error', `Step ${step.id} failed: ${facts.message}`, { step: step.id, code: facts.code })
  const { final, retryAfterMs } = isObject(error) ? error : {}
  throw taskError({
    code: facts.code,
    message: `Step ${step.id}: ${facts.message}`,
    details: { step: step.id, ...(facts.details === undefined ? {} : { cause: facts.details }) },
    // Whether an unsafe step took effect is unknown: nothing repeats it without a person.
    final: final === true || effect === 'unsafe',
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    cause: error,
  })
}

function readFacts(error: unknown): {
  readonly code: string
  readonly message: string
  readonly details?: unknown
} {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 2_000)
  const details = isObject(error) ? error.details : undefined
  return { code: codeOf(error) ?? 'step_failed', message, ...(details === undefined ? {} : { details }) }
}
