// What a task is: the code behind a kind of job, what it is given, and the ways it can end.
import type { SystemTransaction } from '@levqor/database/system'
import type { EnqueueSpec, Job, LogLevel } from './job.ts'
import type { StepCheckpoints } from './runner/step-checkpoints.ts'

/** How a run ended without failing. To fail, throw (best with {@link taskError}). */
export type TaskOutcome =
  | {
      readonly kind: 'succeeded'
      readonly result?: unknown
      /** Jobs to enqueue in the transaction that settles this one. */
      readonly enqueue?: readonly EnqueueSpec[]
      /** More writes of that transaction. Database calls only; when it throws, the run counts as failed. */
      also?(tx: SystemTransaction): Promise<void>
    }
  /** Comes back at `until` (epoch milliseconds); holds no worker, slot or lease meanwhile. */
  | { readonly kind: 'wait'; readonly until: number }
  /** Waits for `unblock` or `resolveStep`; `reason` is shown to people. */
  | { readonly kind: 'blocked'; readonly reason: string }

/** What a running task may do. Every write is refused with `claim_lost` once the job runs elsewhere. */
export interface TaskContext {
  readonly job: Job
  readonly payload: unknown
  /** 1 for the first try; a crash or a wait does not count. */
  readonly attempt: number
  /** Aborted by cancellation, time-out, loss of the lease or the process's stop. Pass it to everything that waits. */
  readonly signal: AbortSignal
  readonly steps: StepCheckpoints
  /** @param percent 0 to 100 */
  progress(percent: number, note?: string): void
  /** A line of the job's own log. Bounded per job; never put secrets here. */
  log(level: LogLevel, message: string, facts?: unknown): void
  /** Waits until everything reported so far is on disk. */
  flush(): Promise<void>
}

export interface Task {
  /** The `kind` of the jobs it runs. */
  readonly id: string
  /** Longest time of one run where the job does not say, milliseconds. */
  readonly timeoutMs?: number
  run(context: TaskContext): Promise<TaskOutcome>
}

/**
 * @example
 * const greet = defineTask({
 *   id: 'greet',
 *   async run({ payload, log }) {
 *     log('info', 'greeting')
 *     return { kind: 'succeeded', result: { text: `Hello ${String(payload)}` } }
 *   },
 * })
 */
export function defineTask(task: Task): Task {
  return task
}

/** A failure that says what shall follow. */
export interface TaskError extends Error {
  readonly code: string
  /** No retry. */
  readonly final?: boolean
  /** Not before so many milliseconds. */
  readonly retryAfterMs?: number
  readonly details?: unknown
}

export function taskError(facts: {
  readonly message: string
  readonly code: string
  readonly final?: boolean
  readonly retryAfterMs?: number
  readonly details?: unknown
  readonly cause?: unknown
}): TaskError {
  const { message, cause, ...rest } = facts
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), rest)
}
