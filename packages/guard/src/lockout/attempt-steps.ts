// What an attempt does to its counters, as pure steps that a store runs atomically: take a place in every counter or
// in none, settle, unlock. Changes of a lock come back with the result, so that each is told exactly once.
import type { Counter } from './counters-of.ts'
import type { StateStep } from './keyed-states.ts'
import {
  type CounterState,
  fail,
  freePlaces,
  lockIfDue,
  newCounter,
  release,
  renew,
  reserve,
  reset,
  storable,
} from './lockout-counter.ts'
import type { PlaceAnswer } from './waiting-lines.ts'

/** A lock that began or ended in this step. */
export interface LockChange {
  readonly counter: Counter
  readonly change: 'locked' | 'ended'
  /** How long the lock holds; 0 when it ended. */
  readonly lockMs: number
  readonly level: number
}

/** How an attempt ended. `returned`: the check could not be made. */
export type Settlement = 'succeeded' | 'failed' | 'returned'

/** What settling changed. */
export interface Settled {
  readonly changes: readonly LockChange[]
  /** The check outlived its place and a lock began meanwhile: its result must not count as a success. */
  readonly lockedForMs?: number
  /** Until when a spray is suspected, known after a failure that everybody's counter has counted. */
  readonly sprayedUntilMs?: number
}

type CounterStep<T> = StateStep<CounterState, T>

interface Counted {
  readonly counter: Counter
  readonly state: CounterState
}

/** Takes a place in every counter, or says which one is locked or has none free. */
export function takePlaces(
  counters: readonly Counter[],
  reservation: string,
  reservationMs: number,
): CounterStep<{ readonly answer: PlaceAnswer; readonly changes: readonly LockChange[] }> {
  return (states, now) => {
    const changes: LockChange[] = []
    const renewed = renewAll(counters, states, reservationMs, now, changes)
    const due = lockEach(renewed, changes, now, ({ state, counter }) => lockIfDue(state, counter.rule, now))
    const answer = judge(due, now)
    const after = answer.outcome === 'reserved' ? each(due, take) : due
    return { states: stored(after), result: { answer, changes } }

    function take({ state }: Counted): CounterState {
      return reserve(state, reservation, now + reservationMs)
    }
  }
}

/** Gives the places back and counts what came out. */
export function settle(
  counters: readonly Counter[],
  reservation: string,
  settlement: Settlement,
  reservationMs: number,
): CounterStep<Settled> {
  return (states, now) => {
    const changes: LockChange[] = []
    const renewed = renewAll(counters, states, reservationMs, now, changes)
    const released = each(renewed, ({ state }) => release(state, reservation))
    const lock = longestLock(released)
    switch (settlement) {
      case 'returned':
        return { states: stored(released), result: { changes } }
      case 'failed': {
        const failed = lockEach(released, changes, now, ({ state, counter }) =>
          fail(state, counter.rule, now),
        )
        const everybody = failed.find(({ counter }) => counter.kind === 'global')
        const sprayedUntilMs = everybody?.state.lockedUntilMs ?? 0
        return { states: stored(failed), result: { changes, sprayedUntilMs } }
      }
      case 'succeeded': {
        // A place that is still held excludes a lock of its counter: failures and open checks never exceed the
        // threshold together.
        if (lock !== undefined) {
          const lockedForMs = lock.state.lockedUntilMs - now
          return { states: stored(released), result: { changes, lockedForMs } }
        }
        const proven = each(released, ({ state, counter }) => (counter.resets ? reset(state) : state))
        return { states: stored(proven), result: { changes } }
      }
    }
  }
}

/** Forgets failures, locks and levels. The changes are the locks that held until now. */
export function unlockAll(
  counters: readonly Counter[],
  reservationMs: number,
): CounterStep<readonly LockChange[]> {
  return (states, now) => {
    const renewed = renewAll(counters, states, reservationMs, now, [])
    const ended = renewed
      .filter(({ state }) => state.lockedUntilMs > 0)
      .map(({ counter, state }): LockChange => ({ counter, change: 'ended', lockMs: 0, level: state.level }))
    return { states: stored(each(renewed, ({ state }) => reset(state))), result: ended }
  }
}

function renewAll(
  counters: readonly Counter[],
  states: readonly (CounterState | undefined)[],
  reservationMs: number,
  now: number,
  changes: LockChange[],
): readonly Counted[] {
  return counters.map((counter, i) => {
    const before = states[i] ?? newCounter(counter.kind)
    const { state, ended } = renew(before, counter.rule, reservationMs, now)
    if (ended) changes.push({ counter, change: 'ended', lockMs: 0, level: state.level })
    return { counter, state }
  })
}

function each(counted: readonly Counted[], change: (one: Counted) => CounterState): readonly Counted[] {
  return counted.map((one) => ({ counter: one.counter, state: change(one) }))
}

/** {@link each}, noting the locks that begin. */
function lockEach(
  counted: readonly Counted[],
  changes: LockChange[],
  now: number,
  change: (one: Counted) => CounterState,
): readonly Counted[] {
  const after = each(counted, change)
  for (const [i, { counter, state }] of after.entries()) {
    if (state.lockedUntilMs === counted[i]?.state.lockedUntilMs) continue
    changes.push({ counter, change: 'locked', lockMs: state.lockedUntilMs - now, level: state.level })
  }
  return after
}

function judge(counted: readonly Counted[], now: number): PlaceAnswer {
  const lock = longestLock(counted)
  if (lock !== undefined) {
    return { outcome: 'locked', counter: lock.counter.id, retryAfterMs: lock.state.lockedUntilMs - now }
  }
  const taken = counted.find(({ counter, state }) => freePlaces(state, counter.rule) <= 0)
  if (taken === undefined) return { outcome: 'reserved' }
  // Without a free place and without a lock there is at least one check under way.
  const open = taken.state.reservations
  const firstExpires = Math.min(...open.map(([, expires]) => expires))
  return {
    outcome: 'busy',
    counter: taken.counter.id,
    newest: open.map(([id]) => id).join(),
    retryAfterMs: firstExpires - now,
  }
}

/** The lock that holds longest; the first of several equal ones. */
function longestLock(counted: readonly Counted[]): Counted | undefined {
  let longest: Counted | undefined
  for (const one of counted) {
    if (one.state.lockedUntilMs > (longest?.state.lockedUntilMs ?? 0)) longest = one
  }
  return longest
}

function stored(counted: readonly Counted[]): readonly (CounterState | undefined)[] {
  return counted.map(({ state, counter }) => storable(state, counter.rule))
}
