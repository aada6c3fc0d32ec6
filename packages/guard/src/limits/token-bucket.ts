// Token bucket as GCRA (generic cell rate algorithm, ITU-T I.371): the time at which the bucket will be full again.
// Nothing to refill, nothing to sweep, and no window edge to double a quota at.
// State: the time at which the bucket is full; the time of the last charge, by which a clock set back is recognised.
import type { LimitAlgorithm } from './algorithms.ts'

export const tokenBucket: LimitAlgorithm = {
  width: 2,
  waitMicros(state, at, limit, now) {
    const setBack = (state[at + 1] ?? 0) - now
    if (setBack > 0) {
      state[at] = (state[at] ?? 0) - setBack
      state[at + 1] = now
    }
    return Math.max(0, debt(state, at, now) + limit.costMicros - limit.capacityMicros)
  },
  take(state, at, limit, now) {
    state[at] = now + debt(state, at, now) + limit.costMicros
    state[at + 1] = now
  },
  remaining(state, at, limit, now) {
    return Math.max(0, Math.floor((limit.capacityMicros - debt(state, at, now)) / limit.intervalMicros))
  },
  restMicros(state, at, _, now) {
    return debt(state, at, now)
  },
}

/** Time until full. */
function debt(state: Float64Array, at: number, now: number): number {
  return Math.max(0, (state[at] ?? 0) - now)
}
