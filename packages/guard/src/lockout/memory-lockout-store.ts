// Counters in this process. They end with it: for tests, and for programs without a database.

import type { CounterState } from './lockout-counter.ts'
import { type LockoutStore, lockoutRow, rowLimit } from './lockout-store.ts'
import { createMemoryStates, type MemoryStatesOptions } from './memory-states.ts'

/** A lockout store that can tell how many counters it keeps. */
export interface MemoryLockoutStore extends LockoutStore {
  readonly size: number
}

/**
 * Counts in memory, within a fixed bound. When full, the counter that has not changed for longest goes; a lock that
 * still holds and a check under way never do.
 * @example
 * const store = createMemoryLockoutStore({ clock: systemClock })
 */
export function createMemoryLockoutStore(
  options: Pick<MemoryStatesOptions<CounterState>, 'clock' | 'maxStates'>,
): MemoryLockoutStore {
  const { clock } = options
  const states = createMemoryStates<CounterState>({
    ...options,
    isPinned: (state, now) =>
      state.lockedUntilMs > now || state.reservations.some(([, expires]) => expires > now),
  })
  return {
    change: (ids, step) => states.change(ids, step),
    async list(query) {
      const now = clock.now()
      const { after, counter, lockedOnly = false } = query
      return states
        .entries()
        .filter(({ state }) => state.forgetAtMs > now)
        .map(({ id, state, changedAtMs }) => lockoutRow(id, state, changedAtMs, now))
        .filter((row) => !lockedOnly || row.lockedUntilMs !== undefined)
        .filter((row) => counter === undefined || row.counter === counter)
        .sort((a, b) => b.changedAtMs - a.changedAtMs || (a.id < b.id ? 1 : -1))
        .filter(
          (row) =>
            after === undefined ||
            row.changedAtMs < after.changedAtMs ||
            (row.changedAtMs === after.changedAtMs && row.id < after.id),
        )
        .slice(0, rowLimit(query))
    },
    get size() {
      return states.size
    },
  }
}
