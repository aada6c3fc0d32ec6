// Sliding window: at most the quota in any window of that length, wherever it begins. Windows are half open: charges
// at t and at t + window are never in the same one.
//
// A log of every charge would be exact but grows with the quota. Here the log has 16 slots. A slot stands for all
// charges from its first to its last, which are at most `slotMicros` apart, and holds its whole count until the last
// of them has left the window: it counts too much, never too little. So:
// - up to a quota of 16 every charge has a slot of its own, and the log is exact;
// - above it a charge is held at most a fifteenth of the window too long, and not at all when the charges of a slot
//   came together, as they do from clients that wait and then send what they may.
// Sixteen always suffice: slots begin more than a fifteenth of the window apart. Should none be free after all
// (a subject whose plan, and so its spacing, changed), the newest one takes the charge and holds it longer.
//
// Rejected: weighing the previous fixed window by its overlap, the usual form in two numbers. It assumes that the
// previous window's charges were spread evenly; when they came at its end, up to nearly twice the quota passes
// (the tests show it). Counters in fixed slots of time: the same memory, but even a lone burst is held a slot too
// long, so that a client that uses its whole quota gets a sixteenth less of it.
//
// State: how many slots are in use, when the newest began, then per slot, oldest first, its last charge and count.
import type { LimitAlgorithm } from './algorithms.ts'

const slots = 16

/** How far apart the charges of one slot may be. 0: only charges of the same microsecond share one. */
export function slotMicrosOf(quota: number, windowMicros: number): number {
  return quota <= slots ? 0 : Math.ceil(windowMicros / (slots - 1))
}

export const slidingWindow: LimitAlgorithm = {
  width: 2 + 2 * slots,
  waitMicros(state, at, limit, now) {
    const newest = newestOf(state, at)
    if (newest === 0) return 0
    moveBack(state, at, newest, now)
    const gone = now - limit.windowMicros
    let over = usedIn(state, at, newest, gone) + limit.cost - limit.quota
    if (over <= 0) return 0
    let last = gone
    for (let slot = at + 2; slot <= newest && over > 0; slot += 2) {
      if ((state[slot] ?? 0) <= gone) continue
      last = state[slot] ?? 0
      over -= state[slot + 1] ?? 0
    }
    return last - gone
  },
  take(state, at, limit, now) {
    dropGone(state, at, now - limit.windowMicros)
    const newest = newestOf(state, at)
    const inUse = state[at] ?? 0
    if (inUse > 0 && (now - (state[at + 1] ?? 0) <= limit.slotMicros || inUse === slots)) {
      state[newest] = now
      state[newest + 1] = (state[newest + 1] ?? 0) + limit.cost
      return
    }
    const next = at + 2 + 2 * inUse
    state[at] = inUse + 1
    state[at + 1] = now
    state[next] = now
    state[next + 1] = limit.cost
  },
  remaining(state, at, limit, now) {
    const used = usedIn(state, at, newestOf(state, at), now - limit.windowMicros)
    return Math.max(0, limit.quota - used)
  },
  restMicros(state, at, limit, now) {
    const newest = newestOf(state, at)
    return newest === 0 ? 0 : Math.max(0, (state[newest] ?? 0) + limit.windowMicros - now)
  },
}

/** Where the newest slot stands, or 0. */
function newestOf(state: Float64Array, at: number): number {
  const inUse = state[at] ?? 0
  return inUse === 0 ? 0 : at + 2 * inUse
}

function usedIn(state: Float64Array, at: number, newest: number, gone: number): number {
  let used = 0
  for (let slot = newest; slot > at && (state[slot] ?? 0) > gone; slot -= 2) used += state[slot + 1] ?? 0
  return used
}

/** After the clock was set back: the newest charge was now, and the others as long before it as they were. */
function moveBack(state: Float64Array, at: number, newest: number, now: number): void {
  const setBack = (state[newest] ?? 0) - now
  if (setBack <= 0) return
  state[at + 1] = (state[at + 1] ?? 0) - setBack
  for (let slot = at + 2; slot <= newest; slot += 2) state[slot] = (state[slot] ?? 0) - setBack
}

function dropGone(state: Float64Array, at: number, gone: number): void {
  const inUse = state[at] ?? 0
  let dropped = 0
  while (dropped < inUse && (state[at + 2 + 2 * dropped] ?? 0) <= gone) dropped++
  if (dropped === 0) return
  state.copyWithin(at + 2, at + 2 + 2 * dropped, at + 2 + 2 * inUse)
  state[at] = inUse - dropped
}
