// States kept in this process: for tests, and for programs that may forget when they restart. Steps are synchronous,
// so atomicity needs no lock. Bounded: when full, what has not changed for longest goes, but never what is pinned.
import type { Clock } from '../clock.ts'
import type { KeptState, KeyedStates } from './keyed-states.ts'

/** Settings of {@link createMemoryStates}. */
export interface MemoryStatesOptions<S> {
  readonly clock: Clock
  /** Most names remembered (default 100,000). */
  readonly maxStates?: number
  /** A state that must not be given up for room, such as a lock that still holds. */
  readonly isPinned?: (state: S, nowMs: number) => boolean
}

/** One name with its state. */
export interface StateEntry<S> {
  readonly id: string
  readonly state: S
  readonly changedAtMs: number
}

/** A store in memory that can be looked through. */
export interface MemoryStates<S extends KeptState> extends KeyedStates<S> {
  entries(): readonly StateEntry<S>[]
  readonly size: number
}

const handSteps = 64

/** @example const store = createMemoryStates<DeviceState>({ clock: systemClock }) */
export function createMemoryStates<S extends KeptState>(options: MemoryStatesOptions<S>): MemoryStates<S> {
  const { clock, maxStates = 100_000, isPinned = () => false } = options
  // In the order of the last change, because a changed name is put at the end again.
  const kept = new Map<string, StateEntry<S>>()

  function makeRoom(wanted: number, now: number): void {
    let steps = 0
    for (const entry of kept.values()) {
      if (kept.size + wanted <= maxStates) return
      if (++steps > handSteps) break
      kept.delete(entry.id)
      if (entry.state.forgetAtMs > now && isPinned(entry.state, now)) kept.set(entry.id, entry)
    }
    // Everything that was looked at holds a lock: refuse the newcomer, never free somebody who is locked.
    if (kept.size + wanted > maxStates) throw new Error('The store of states is full')
  }

  return {
    async change(ids, step) {
      const now = clock.now()
      const before = ids.map((id) => {
        const state = kept.get(id)?.state
        return state !== undefined && state.forgetAtMs > now ? state : undefined
      })
      const { states, result } = step(before, now)
      const newcomers = ids.filter((id, i) => states[i] !== undefined && !kept.has(id))
      makeRoom(newcomers.length, now)
      for (const [i, id] of ids.entries()) {
        const state = states[i]
        if (state !== undefined && state === before[i]) continue
        kept.delete(id)
        if (state !== undefined) kept.set(id, { id, state, changedAtMs: now })
      }
      return result
    },
    entries: () => [...kept.values()],
    get size() {
      return kept.size
    },
  }
}
