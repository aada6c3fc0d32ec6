// Token bucket as GCRA (generic cell rate algorithm, ITU-T I.371): one number per key, the time at which the bucket
// will be full again. Nothing to refill, nothing to sweep, and no window edge to double a quota at.
// Integer microseconds stay exact in a double until the year 2255, here and in a script of another store.
import type { LimitAlgorithm } from './algorithms.ts'
import type { Limit } from './limit.ts'

export const tokenBucket: LimitAlgorithm = {
  width: 1,
  waitMicros(state, at, limit, cost, now) {
    return Math.max(0, debt(state, at, limit, now) + cost * limit.intervalMicros - limit.capacityMicros)
  },
  take(state, at, limit, cost, now) {
    state[at] = now + debt(state, at, limit, now) + cost * limit.intervalMicros
  },
  remaining(state, at, limit, now) {
    return Math.floor((limit.capacityMicros - debt(state, at, limit, now)) / limit.intervalMicros)
  },
  restMicros(state, at, limit, now) {
    return debt(state, at, limit, now)
  },
  inherit(state, at, coarse, coarseAt) {
    state[at] = coarse[coarseAt] ?? 0
  },
}

/**
 * Time until full. More than a whole bucket can only come from a clock that was set back or a plan that shrank:
 * both count as an empty bucket, so nobody is locked out for as long as the clock was wrong.
 */
function debt(state: Float64Array, at: number, limit: Limit, now: number): number {
  return Math.min(Math.max((state[at] ?? 0) - now, 0), limit.capacityMicros)
}
