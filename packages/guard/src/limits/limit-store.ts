// The port behind which counts are kept. A store decides with its own clock, so that a caller whose clock is wrong
// changes nothing, and decides all charges of one call together: all pass, or none is taken.
import type { Limit, LimitState } from './limit.ts'

/** One limit to be charged for one subject (an address, a key id, a combination). */
export interface LimitCharge {
  readonly limit: Limit
  readonly subject: string
}

/** The answer to one call. `states` stand in the order of the charges. */
export interface LimitVerdict {
  readonly allowed: boolean
  readonly states: readonly LimitState[]
  /** The longest wait among the limits that refused; 0 if allowed. */
  readonly retryAfterMs: number
}

/**
 * Keeps the counts. Returns at once when it can: a store in this process never makes a request wait for a promise.
 * {@link limitStoreCases} says precisely what a store must do.
 */
export interface LimitStore {
  /** Charges all limits or, if one refuses, none. The limits of one call have different names. */
  take(charges: readonly LimitCharge[]): LimitVerdict | Promise<LimitVerdict>
  /** What `take` would answer, without charging. */
  peek(charges: readonly LimitCharge[]): LimitVerdict | Promise<LimitVerdict>
}
