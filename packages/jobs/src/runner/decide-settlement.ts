// From how a run ended to what becomes of the job. Pure.
import type { Job } from '../job.ts'
import type { ErrorFacts } from '../job-error.ts'
import { decideRetry } from '../retry-policy.ts'
import type { Settlement } from '../store/settle.ts'
import type { TaskOutcome } from '../task.ts'
import { factsOf } from './error-facts.ts'
import type { StopReason } from './stop-reason.ts'

export type RunEnd =
  | { readonly kind: 'returned'; readonly outcome: TaskOutcome }
  /** It threw, or did not end in time after it was told to stop. */
  | { readonly kind: 'threw'; readonly thrown: unknown; readonly stop: StopReason | undefined }

export function decideSettlement(job: Job, end: RunEnd, now: number, random: () => number): Settlement {
  const claim = { jobId: job.id, claims: job.claims }
  if (end.kind === 'returned') return { ...claim, ...afterReturn(end.outcome) }
  switch (end.stop) {
    case 'cancelled':
      return { ...claim, to: 'cancelled', outcome: 'cancelled' }
    case 'stopping':
    case 'lease_lost':
      // The fence refuses it where somebody else has the job already.
      return { ...claim, to: 'queued', outcome: 'handed_back' }
    case 'timeout':
    case undefined:
      return { ...claim, ...afterFailure(job, end.thrown, end.stop === 'timeout', now, random) }
  }
}

function afterReturn(outcome: TaskOutcome): Omit<Settlement, 'jobId' | 'claims'> {
  switch (outcome.kind) {
    case 'succeeded':
      return {
        to: 'succeeded',
        outcome: 'succeeded',
        result: outcome.result,
        ...(outcome.enqueue ? { enqueue: outcome.enqueue } : {}),
        ...(outcome.also ? { also: (tx) => outcome.also?.(tx) ?? Promise.resolve() } : {}),
      }
    case 'wait':
      return { to: 'scheduled', outcome: 'waiting', reason: 'wait', runAt: Math.ceil(outcome.until) }
    case 'blocked':
      return { to: 'blocked', outcome: 'blocked', reason: outcome.reason }
  }
}

function afterFailure(
  job: Job,
  thrown: unknown,
  timedOut: boolean,
  now: number,
  random: () => number,
): Omit<Settlement, 'jobId' | 'claims'> {
  const { final, retryAfterMs, ...facts } = factsOf(thrown)
  const delay = decideRetry(
    {
      failures: job.failures,
      maxFailures: job.maxFailures,
      retryDelaysMs: job.retryDelaysMs,
      final,
      retryAfterMs,
    },
    random,
  )
  const error: ErrorFacts = timedOut ? { code: 'timeout', message: 'The job ran longer than it may.' } : facts
  const failure = { outcome: timedOut ? 'timed_out' : 'failed', failed: true, error } as const
  if (delay === 'dead') return { ...failure, to: 'dead' }
  if (delay === 0) return { ...failure, to: 'queued' }
  return { ...failure, to: 'scheduled', reason: 'retry', runAt: now + delay }
}
