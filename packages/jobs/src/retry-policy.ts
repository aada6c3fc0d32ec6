// When a failed job is tried again. Pure: time and chance come in from outside.

/** One second, five, fifteen: three retries, so four tries. */
export const defaultRetryDelaysMs: readonly number[] = [1_000, 5_000, 15_000]

/** A server that asks for more than this is not waited for any longer. */
export const longestRetryAfterMs = 86_400_000

export interface Failure {
  /** Failures before this one. */
  readonly failures: number
  readonly maxFailures: number
  readonly retryDelaysMs: readonly number[] | undefined
  readonly final: boolean
  /** What the other side asked for. */
  readonly retryAfterMs: number | undefined
}

/**
 * Milliseconds until the next try, or `dead`. The ladder's delay varies by up to a tenth in either direction, so
 * that jobs which failed together do not come back together; a failure beyond the ladder repeats its last rung.
 * A `retryAfterMs` is a lower bound.
 */
export function decideRetry(failure: Failure, random: () => number): number | 'dead' {
  if (failure.final || failure.failures + 1 >= failure.maxFailures) return 'dead'
  const ladder = failure.retryDelaysMs ?? defaultRetryDelaysMs
  const rung = ladder[Math.min(failure.failures, ladder.length - 1)] ?? 0
  const delay = Math.round(rung * (0.9 + 0.2 * random()))
  const asked = Math.min(Math.max(failure.retryAfterMs ?? 0, 0), longestRetryAfterMs)
  return Math.max(delay, Math.ceil(asked))
}
