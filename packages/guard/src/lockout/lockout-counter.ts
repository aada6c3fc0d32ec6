// The arithmetic of one counter: what is open, what has failed, whether it is locked. Pure functions over a small
// state, so that every store counts alike and each edge can be tested without one.
import type { KeptState } from './keyed-states.ts'
import type { LockoutRule } from './lockout-policy.ts'

/** What is counted. */
export type CounterKind = 'account' | 'account-address' | 'device' | 'address' | 'global'

/** Failures at one moment. */
export type FailureMark = readonly [atMs: number, count: number]

/** A check that is under way. */
export type Reservation = readonly [id: string, expiresAtMs: number]

/** One counter as it is stored. JSON throughout. */
export interface CounterState extends KeptState {
  readonly kind: CounterKind
  /** Oldest first. */
  readonly failures: readonly FailureMark[]
  /** Oldest first. */
  readonly reservations: readonly Reservation[]
  /** 0: not locked. */
  readonly lockedUntilMs: number
  /** Locks so far; each doubles the next. */
  readonly level: number
  /** When the level is forgotten. */
  readonly levelUntilMs: number
}

/** A lock that has just ended or begun belongs into one event, so it is told with the state. */
export interface Renewed {
  readonly state: CounterState
  /** The lock has run out since the last look. */
  readonly ended: boolean
}

/** Earlier locks count for so long after the last one has ended. */
export const levelMemoryMs = 86_400_000

// Up to here every failure has its own mark. Above, failures of one stretch share a mark that stands at the end of the
// stretch: never forgotten too early, at most a 32nd of the window too late, and the state stays small.
const exactMarks = 32
const highestLevel = 20

/** A counter that has counted nothing. */
export function newCounter(kind: CounterKind): CounterState {
  return {
    kind,
    failures: [],
    reservations: [],
    lockedUntilMs: 0,
    level: 0,
    levelUntilMs: 0,
    forgetAtMs: 0,
  }
}

/**
 * Drops what time has undone. Times further ahead than the rule can have put them were written by a clock that has
 * since been set back; they are moved to the furthest moment that the rule allows, so that nobody stays locked longer.
 */
export function renew(state: CounterState, rule: LockoutRule, reservationMs: number, now: number): Renewed {
  const furthestMark = now + stretchMs(rule)
  const failures = state.failures
    .filter(([at]) => at + rule.windowMs > now)
    .map(([at, count]): FailureMark => [Math.min(at, furthestMark), count])
  const reservations = state.reservations
    .filter(([, expires]) => expires > now)
    .map(([id, expires]): Reservation => [id, Math.min(expires, now + reservationMs)])
  const lockedUntil = Math.min(state.lockedUntilMs, now + rule.maxLockMs)
  const ended = lockedUntil > 0 && lockedUntil <= now
  const remembered = state.levelUntilMs > now
  const next: CounterState = {
    ...state,
    failures,
    reservations,
    lockedUntilMs: ended ? 0 : lockedUntil,
    level: remembered ? state.level : 0,
    levelUntilMs: remembered ? Math.min(state.levelUntilMs, now + rule.maxLockMs + levelMemoryMs) : 0,
  }
  return { state: isSame(state, next) ? state : next, ended }
}

/** Failures that count now. The state has been renewed. */
export function failuresOf(state: CounterState): number {
  let sum = 0
  for (const [, count] of state.failures) sum += count
  return sum
}

/** How many more checks may be under way: the threshold minus failures counted minus checks open. */
export function freePlaces(state: CounterState, rule: LockoutRule): number {
  return rule.failures - failuresOf(state) - state.reservations.length
}

/** Takes a place. */
export function reserve(state: CounterState, id: string, expiresAtMs: number): CounterState {
  return { ...state, reservations: [...state.reservations, [id, expiresAtMs]] }
}

/** Gives a place back. The same object if it had run out. */
export function release(state: CounterState, id: string): CounterState {
  const reservations = state.reservations.filter(([open]) => open !== id)
  return reservations.length === state.reservations.length ? state : { ...state, reservations }
}

/** Counts a failure. Not while locked: a check that outlived its place must not lengthen a lock. */
export function fail(state: CounterState, rule: LockoutRule, now: number): CounterState {
  if (state.lockedUntilMs > 0) return state
  const stretch = stretchMs(rule)
  const at = Math.ceil(now / stretch) * stretch
  const last = state.failures.at(-1)
  const failures: readonly FailureMark[] =
    last?.[0] === at ? [...state.failures.slice(0, -1), [at, last[1] + 1]] : [...state.failures, [at, 1]]
  return lockIfDue({ ...state, failures }, rule, now)
}

/** Locks a counter whose failures have reached the threshold, also when the threshold has become smaller. */
export function lockIfDue(state: CounterState, rule: LockoutRule, now: number): CounterState {
  if (state.lockedUntilMs > 0 || failuresOf(state) < rule.failures) return state
  const lockedUntilMs = now + Math.min(rule.lockMs * 2 ** state.level, rule.maxLockMs)
  return {
    ...state,
    failures: [],
    lockedUntilMs,
    level: Math.min(state.level + 1, highestLevel),
    levelUntilMs: lockedUntilMs + levelMemoryMs,
  }
}

/** Forgets failures, lock and level; checks that are under way stay counted. */
export function reset(state: CounterState): CounterState {
  return { ...newCounter(state.kind), reservations: state.reservations }
}

/** The state as it is to be stored, or `undefined` when it says nothing any more. */
export function storable(state: CounterState, rule: LockoutRule): CounterState | undefined {
  const ends = [
    ...state.failures.map(([at]) => at + rule.windowMs),
    ...state.reservations.map(([, expires]) => expires),
  ]
  const forgetAtMs = Math.max(state.levelUntilMs, ...ends)
  if (forgetAtMs === 0) return undefined
  return forgetAtMs === state.forgetAtMs ? state : { ...state, forgetAtMs }
}

function stretchMs(rule: LockoutRule): number {
  return rule.failures <= exactMarks ? 1 : Math.ceil(rule.windowMs / exactMarks)
}

function isSame(a: CounterState, b: CounterState): boolean {
  return (
    a.lockedUntilMs === b.lockedUntilMs &&
    a.level === b.level &&
    a.levelUntilMs === b.levelUntilMs &&
    a.failures.length === b.failures.length &&
    a.reservations.length === b.reservations.length &&
    a.failures.every(([at], i) => at === b.failures[i]?.[0]) &&
    a.reservations.every(([, expires], i) => expires === b.reservations[i]?.[1])
  )
}
