// Fixed window: a count that starts over when its window ends. The window begins with its first charge, so there is
// no moment known beforehand at which everybody has a fresh quota. What it is known for remains: at the edge of two
// windows up to twice the quota passes within one window's length. Where that matters, use a sliding window.
// State: when the window ends, and what was charged in it.
import type { LimitAlgorithm } from './algorithms.ts'

export const fixedWindow: LimitAlgorithm = {
  width: 2,
  waitMicros(state, at, limit, now) {
    // A window that ends later than a whole one from now was begun by a clock that has been set back since.
    if ((state[at] ?? 0) > now + limit.windowMicros) state[at] = now + limit.windowMicros
    const left = restOf(state, at, now)
    if (left === 0) return 0
    return (state[at + 1] ?? 0) + limit.cost > limit.quota ? left : 0
  },
  take(state, at, limit, now) {
    if (restOf(state, at, now) === 0) {
      state[at] = now + limit.windowMicros
      state[at + 1] = limit.cost
    } else {
      state[at + 1] = (state[at + 1] ?? 0) + limit.cost
    }
  },
  remaining(state, at, limit, now) {
    const charged = restOf(state, at, now) === 0 ? 0 : (state[at + 1] ?? 0)
    return Math.max(0, limit.quota - charged)
  },
  restMicros: (state, at, _, now) => restOf(state, at, now),
}

/** Time until the window ends; 0 if none is open. */
function restOf(state: Float64Array, at: number, now: number): number {
  return Math.max(0, (state[at] ?? 0) - now)
}
