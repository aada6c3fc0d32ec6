// How a limit stands after a decision, worked out in one place whoever keeps the state.
import type { LimitAlgorithm } from './algorithms.ts'
import type { Limit, LimitState } from './limit.ts'

/** Charges the state if the request is taken, and says how it stands then. `waitMicros` as found before. */
export function settleLimit(
  algorithm: LimitAlgorithm,
  state: Float64Array,
  at: number,
  limit: Limit,
  waitMicros: number,
  taking: boolean,
  nowMicros: number,
): LimitState {
  if (taking) algorithm.take(state, at, limit, nowMicros)
  const exceeded = waitMicros > 0
  return {
    limit,
    remaining: exceeded ? 0 : algorithm.remaining(state, at, limit, nowMicros),
    resetMs: Math.ceil(algorithm.restMicros(state, at, limit, nowMicros) / 1000),
    exceeded,
    retryAfterMs: exceeded ? Math.ceil(waitMicros / 1000) : 0,
  }
}
