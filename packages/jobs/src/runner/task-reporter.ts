// Collects what a running task reports and writes it in order: at once where the task waits for it, otherwise
// within `flushMs`, so that a chatty task costs a few transactions and not one per line.
import { isTransientDatabaseError } from '@levqor/database'
import type { Job, LogLevel, Step } from '../job.ts'
import { jobsError } from '../job-error.ts'
import type { NewEvent } from '../store/add-events.ts'
import type { JobStore } from '../store/job-store.ts'

export type StepRecord = Omit<Step, 'jobId' | 'claim' | 'decision'>

export interface TaskReporter {
  log(level: LogLevel, message: string, facts?: unknown): void
  progress(percent: number, note?: string): void
  step(step: StepRecord): void
  /** Everything reported so far is on disk when it resolves. Throws `claim_lost`. */
  flush(): Promise<void>
  /** Flushes what is left, or drops it when the claim is void. Never throws for a void claim. */
  close(): Promise<void>
}

export interface TaskReporterOptions {
  readonly store: Pick<JobStore, 'record' | 'clock'>
  readonly job: Job
  readonly signal: AbortSignal
  /** Called when a write finds the claim void. */
  onClaimLost(): void
  readonly flushMs?: number
}

/** Lines of one job's log, all runs together. */
export const maxLogLines = 1_000
/** Characters of a line. */
export const maxLogLength = 2_000

export function createTaskReporter(options: TaskReporterOptions): TaskReporter {
  const { store, job, signal, flushMs = 50 } = options
  let events: NewEvent[] = []
  let steps = new Map<string, StepRecord>()
  let percent: number | undefined
  let lines = job.logLines
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let lost = false
  let closed = false

  function later(): void {
    if (closed || timer) return
    // A failure here is kept: the next flush that somebody waits for meets it again.
    timer = setTimeout(() => void flush().catch(() => undefined), flushMs)
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.catch(() => undefined).then(write)
    return writing
  }

  async function write(): Promise<void> {
    if (lost) throw claimLost(job.id)
    if (events.length === 0 && steps.size === 0 && percent === undefined) return
    const batch = { events, steps, percent }
    events = []
    steps = new Map()
    percent = undefined
    const kept = await persist({
      jobId: job.id,
      claims: job.claims,
      events: batch.events,
      steps: [...batch.steps.values()],
      ...(batch.percent === undefined ? {} : { progress: batch.percent }),
    })
    if (kept) return
    lost = true
    options.onClaimLost()
    throw claimLost(job.id)
  }

  // The database may be away for a while: the work is done, so it is worth waiting for until the lease is gone.
  async function persist(entry: Parameters<typeof store.record>[0]): Promise<boolean> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await store.record(entry)
      } catch (error) {
        if (!isTransientDatabaseError(error) || signal.aborted || closed) throw error
        await pause(Math.min(50 * 2 ** attempt, 2_000), signal)
      }
    }
  }

  return {
    log(level, message, facts) {
      if (lines > maxLogLines) return
      lines += 1
      const last = lines > maxLogLines
      events.push({
        type: 'log',
        at: store.clock.now(),
        data: last
          ? { level: 'warn', message: `The log is full: ${maxLogLines} lines. Later lines are dropped.` }
          : { level, message: message.slice(0, maxLogLength), ...(facts === undefined ? {} : { facts }) },
      })
      later()
    },
    progress(value, note) {
      percent = Math.round(Math.min(Math.max(value, 0), 100))
      const data = note === undefined ? { percent } : { percent, note: note.slice(0, maxLogLength) }
      events.push({ type: 'progress', at: store.clock.now(), data })
      later()
    },
    step(step) {
      steps.set(step.stepId, step)
      const { stepId, state, position, connector, attempt, durationMs, error } = step
      events.push({
        type: 'step',
        at: store.clock.now(),
        data: {
          stepId,
          state,
          position,
          connector,
          attempt,
          ...(durationMs === undefined ? {} : { durationMs }),
          ...(error ? { error } : {}),
        },
      })
      later()
    },
    flush,
    async close() {
      try {
        await flush()
      } catch (error) {
        if (!lost) throw error
      } finally {
        closed = true
        clearTimeout(timer)
      }
    },
  }
}

function claimLost(jobId: string): Error {
  return jobsError('claim_lost', 'The job runs elsewhere or has ended.', { details: { jobId } })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
