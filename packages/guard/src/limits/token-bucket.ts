// Token bucket as GCRA (generic cell rate algorithm, ITU-T I.371): one number per key, the time at which the bucket
// will be full again. Nothing to refill, nothing to sweep, and no window edge to double a quota at.
// Integer microseconds stay exact in a double until the year 2255, here and in a script of another store.
import type { LimitAlgorithm } from './algorithms.ts'

export const tokenBucket: LimitAlgorithm = {
  width: 1,
  waitMicros(state, at, limit, cost, now) {
    const full = Math.max(state[at] ?? 0, now) + cost * limit.intervalMicros
    return Math.max(0, full - limit.capacityMicros - now)
  },
  take(state, at, limit, cost, now) {
    state[at] = Math.max(state[at] ?? 0, now) + cost * limit.intervalMicros
  },
  remaining(state, at, limit, now) {
    const used = Math.max(0, (state[at] ?? 0) - now)
    return Math.max(0, Math.floor((limit.capacityMicros - used) / limit.intervalMicros))
  },
  restMicros(state, at, _limit, now) {
    return Math.max(0, (state[at] ?? 0) - now)
  },
  inherit(state, at, coarse, coarseAt) {
    state[at] = coarse[coarseAt] ?? 0
  },
}
