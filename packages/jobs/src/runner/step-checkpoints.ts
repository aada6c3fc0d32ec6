// Checkpoints: a finished step is never run again, and a step whose worker vanished goes on by its side-effect class.
import type { Job, Step, StepEffect } from '../job.ts'
import type { ErrorFacts } from '../job-error.ts'
import type { StepRecord, TaskReporter } from './task-reporter.ts'

export interface StepBegin {
  readonly stepId: string
  /** Place in the workflow, from 0. */
  readonly position: number
  readonly connector: string
  readonly effect: StepEffect
  readonly input?: unknown
  readonly inputDigest?: string
}

export type StepStart =
  /** Run it. `key` is the same for every try of this step: send it where the other side drops duplicates. */
  | { readonly kind: 'run'; readonly attempt: number; readonly key: string }
  /** It is done (or was skipped); use its output. */
  | { readonly kind: 'finished'; readonly step: Step }
  /** It waited; `step.output` is what was given to `wait`. */
  | { readonly kind: 'waiting'; readonly step: Step }
  /** Unsafe and its worker vanished in mid-step: return `{ kind: 'blocked', reason: undecidedStep }`. */
  | { readonly kind: 'undecided'; readonly step: Step }
  /** A person said what to do instead of running it again. */
  | { readonly kind: 'decided'; readonly decision: 'skip' | 'fail'; readonly step: Step }

/** Reason of a job that waits for a person to judge an unsafe step. */
export const undecidedStep = 'undecided_step'

export interface StepCheckpoints {
  /** As they stand now, in the order of the workflow. */
  all(): readonly StepRecord[]
  get(stepId: string): StepRecord | undefined
  /** Decides whether a step runs. An unsafe step is on disk as begun before this resolves. */
  begin(step: StepBegin): Promise<StepStart>
  /** On disk when it resolves. */
  finish(stepId: string, end: { readonly output: unknown; readonly costMicros?: number }): Promise<void>
  fail(stepId: string, end: { readonly error: ErrorFacts; readonly costMicros?: number }): Promise<void>
  /** Leaves a step out, for instance because its condition is false. */
  skip(step: StepBegin, note?: unknown): Promise<void>
  /** Before returning `{ kind: 'wait' }`: the step goes on in a later run with `state` at hand. */
  wait(stepId: string, state: unknown): Promise<void>
}

export function createStepCheckpoints(
  job: Job,
  known: readonly Step[],
  reporter: TaskReporter,
  now: () => number,
): StepCheckpoints {
  const earlier = new Map(known.map((step) => [step.stepId, step]))
  const current = new Map<string, StepRecord>(known.map((step) => [step.stepId, step]))

  function set(step: StepRecord): void {
    current.set(step.stepId, step)
    reporter.step(step)
  }

  function running(stepId: string): StepRecord {
    const step = current.get(stepId)
    if (step) return step
    throw new Error(`The step ${stepId} was not begun.`)
  }

  function end(stepId: string, change: Partial<StepRecord>): Promise<void> {
    const step = running(stepId)
    const finishedAt = now()
    set({ ...step, ...change, finishedAt, durationMs: Math.max(0, finishedAt - step.startedAt) })
    return reporter.flush()
  }

  return {
    all: () => [...current.values()].sort((a, b) => a.position - b.position),
    get: (stepId) => current.get(stepId),
    async begin(spec) {
      const step = earlier.get(spec.stepId)
      if (step) {
        const verdict = judge(step)
        // Once per run: a second begin in the same run is a retry by the task itself.
        earlier.delete(spec.stepId)
        if (verdict) return verdict
      }
      const before = current.get(spec.stepId)
      const attempt = (before?.attempt ?? 0) + 1
      set({
        ...fresh(spec, now()),
        attempt,
        state: 'running',
        costMicros: 0,
      })
      if (spec.effect === 'unsafe') await reporter.flush()
      return { kind: 'run', attempt, key: `${job.id}:${spec.stepId}` }
    },
    finish: (stepId, { output, costMicros = 0 }) =>
      end(stepId, { state: 'succeeded', output, costMicros, error: undefined }),
    fail: (stepId, { error, costMicros = 0 }) => end(stepId, { state: 'failed', error, costMicros }),
    skip(spec, note) {
      const at = now()
      set({
        ...fresh(spec, at),
        attempt: current.get(spec.stepId)?.attempt ?? 0,
        state: 'skipped',
        output: note,
        finishedAt: at,
        durationMs: 0,
        costMicros: 0,
      })
      return reporter.flush()
    },
    wait(stepId, state) {
      set({ ...running(stepId), state: 'waiting', output: state })
      return reporter.flush()
    },
  }
}

/** What an earlier run left: undefined means that the step may simply run again. */
function judge(step: Step): StepStart | undefined {
  switch (step.state) {
    case 'succeeded':
    case 'skipped':
      return { kind: 'finished', step }
    case 'waiting':
      return { kind: 'waiting', step }
    case 'failed':
      return undefined
    case 'running':
      if (step.effect !== 'unsafe' || step.decision === 'retry') return undefined
      if (step.decision !== undefined) return { kind: 'decided', decision: step.decision, step }
      return { kind: 'undecided', step }
  }
}

function fresh(spec: StepBegin, startedAt: number) {
  return {
    stepId: spec.stepId,
    position: spec.position,
    connector: spec.connector,
    effect: spec.effect,
    input: spec.input,
    inputDigest: spec.inputDigest,
    output: undefined,
    error: undefined,
    startedAt,
    finishedAt: undefined,
    durationMs: undefined,
  }
}
