// Runs one claimed job to its end and says how to settle it. Never throws.
import type { Job } from '../job.ts'
import type { JobStore } from '../store/job-store.ts'
import type { Settlement } from '../store/settle.ts'
import type { Task, TaskOutcome } from '../task.ts'
import { taskError } from '../task.ts'
import { decideSettlement, type RunEnd } from './decide-settlement.ts'
import { createStepCheckpoints } from './step-checkpoints.ts'
import { type StopReason, stopError } from './stop-reason.ts'
import { createTaskReporter } from './task-reporter.ts'

export interface RunJobOptions {
  readonly store: JobStore
  readonly tasks: ReadonlyMap<string, Task>
  readonly random: () => number
  readonly defaultTimeoutMs: number
  /** How long a task may take to end after it was told to stop. */
  readonly abortGraceMs: number
}

/** A job in progress. */
export interface RunningJob {
  readonly job: Job
  /** Asks it to stop; the first reason counts. */
  stop(reason: StopReason): void
  readonly done: Promise<Settlement>
}

export function runJob(options: RunJobOptions, job: Job): RunningJob {
  const { store, random } = options
  const controller = new AbortController()
  let reason: StopReason | undefined

  function stop(because: StopReason): void {
    if (reason !== undefined) return
    reason = because
    controller.abort(stopError(because))
  }

  async function run(): Promise<Settlement> {
    const task = options.tasks.get(job.kind)
    const timer = setTimeout(
      () => stop('timeout'),
      job.timeoutMs ?? task?.timeoutMs ?? options.defaultTimeoutMs,
    )
    const end = await orGiveUp(attempt(task), controller.signal, options.abortGraceMs)
    clearTimeout(timer)
    const thrown: RunEnd = end.kind === 'threw' ? { ...end, stop: reason } : end
    return decideSettlement(job, thrown, store.clock.now(), random)
  }

  async function attempt(task: Task | undefined): Promise<RunEnd> {
    try {
      if (!task) {
        throw taskError({ code: 'unknown_task', message: `No task is registered for the kind ${job.kind}.` })
      }
      return { kind: 'returned', outcome: await runTask(task) }
    } catch (thrown) {
      return { kind: 'threw', thrown, stop: undefined }
    }
  }

  async function runTask(task: Task): Promise<TaskOutcome> {
    const reporter = createTaskReporter({
      store,
      job,
      signal: controller.signal,
      onClaimLost: () => stop('lease_lost'),
    })
    try {
      const known = job.claims > 1 ? await store.steps({ jobId: job.id }) : []
      return await task.run({
        job,
        payload: job.payload,
        attempt: job.failures + 1,
        signal: controller.signal,
        steps: createStepCheckpoints(job, known, reporter, () => store.clock.now()),
        progress: reporter.progress,
        log: reporter.log,
        flush: reporter.flush,
      })
    } finally {
      await reporter.close()
    }
  }

  return { job, stop, done: run() }
}

/** A task that ignores its signal loses its slot after the grace; the fence makes its late writes harmless. */
async function orGiveUp(run: Promise<RunEnd>, signal: AbortSignal, graceMs: number): Promise<RunEnd> {
  let timer: NodeJS.Timeout | undefined
  let onAbort: (() => void) | undefined
  const givenUp = new Promise<RunEnd>((resolve) => {
    onAbort = () => {
      timer = setTimeout(() => resolve({ kind: 'threw', thrown: signal.reason, stop: undefined }), graceMs)
    }
    signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([run, givenUp])
  } finally {
    clearTimeout(timer)
    if (onAbort) signal.removeEventListener('abort', onAbort)
  }
}
