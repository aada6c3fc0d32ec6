// Where counters are kept, and how operators look at them.
import type { KeyedStates } from './keyed-states.ts'
import { type CounterKind, type CounterState, failuresOf } from './lockout-counter.ts'

/** One counter as operators see it. It names nobody: `id` is a keyed digest. */
export interface LockoutRow {
  readonly id: string
  readonly counter: CounterKind
  /** Counted since the last lock or success, as of the last change. */
  readonly failures: number
  /** Checks under way, as of the last change. */
  readonly open: number
  /** Locks in a row; each doubles the next. */
  readonly level: number
  /** Epoch milliseconds; absent when not locked. For `global`: how long a spray is suspected. */
  readonly lockedUntilMs?: number
  readonly changedAtMs: number
}

/** Which rows are wanted, last changed first. */
export interface LockoutQuery {
  /** Only what is locked now. */
  readonly lockedOnly?: boolean
  readonly counter?: CounterKind
  /** 1 to 100 (default 20). */
  readonly limit?: number
  /** Rows after this one of an earlier page. */
  readonly after?: Pick<LockoutRow, 'id' | 'changedAtMs'>
}

/** {@link lockoutStoreCases} says precisely what a store must do. */
export interface LockoutStore extends KeyedStates<CounterState> {
  list(query: LockoutQuery): Promise<readonly LockoutRow[]>
}

/** How many rows a query may bring. */
export function rowLimit(query: { readonly limit?: number }): number {
  return Math.max(1, Math.min(100, Math.trunc(query.limit ?? 20)))
}

/** The operators' view of a stored counter. */
export function lockoutRow(id: string, state: CounterState, changedAtMs: number, now: number): LockoutRow {
  return {
    id,
    counter: state.kind,
    failures: failuresOf(state),
    open: state.reservations.length,
    level: state.level,
    ...(state.lockedUntilMs > now ? { lockedUntilMs: state.lockedUntilMs } : {}),
    changedAtMs,
  }
}
