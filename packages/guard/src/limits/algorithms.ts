// The limit algorithms as one table: a name, how many numbers of state a key needs, and functions over them.
// Stores in this process know nothing else about an algorithm; a store elsewhere has the same functions in its own
// language, and a property test holds the two together.
import { fixedWindow } from './fixed-window.ts'
import type { Limit } from './limit.ts'
import { slidingWindow } from './sliding-window.ts'
import { tokenBucket } from './token-bucket.ts'

/**
 * State lives in a flat array, `width` numbers per key from `at` on. All zero is a key never seen. Times are integer
 * microseconds, exact in a double until the year 2255.
 */
export interface LimitAlgorithm {
  readonly width: number
  /**
   * Microseconds until `cost` more would pass; 0 if they pass now. Asked first at every decision: a state written by
   * a clock that has been set back since is moved back with it, so that nobody gains and nobody is locked out for
   * as long as the clock was wrong. Apart from that it changes nothing.
   */
  waitMicros(state: Float64Array, at: number, limit: Limit, nowMicros: number): number
  /** Takes the limit's cost, which must have been found to pass. */
  take(state: Float64Array, at: number, limit: Limit, nowMicros: number): void
  /** Whole units left, never below 0. */
  remaining(state: Float64Array, at: number, limit: Limit, nowMicros: number): number
  /** Microseconds until the key has its full quota; 0 means that forgetting the key changes nothing. */
  restMicros(state: Float64Array, at: number, limit: Limit, nowMicros: number): number
}

/**
 * Every algorithm a rule may name.
 * - `token-bucket` (the default): the quota comes back unit by unit; `burst` bounds what passes at once. Over any
 *   window at most burst plus quota.
 * - `sliding-window`: at most the quota in any window, wherever it begins.
 * - `fixed-window`: at most the quota in a window that begins with its first charge; up to twice the quota around
 *   the edge of two.
 */
export const limitAlgorithms = {
  'token-bucket': tokenBucket,
  'sliding-window': slidingWindow,
  'fixed-window': fixedWindow,
} as const satisfies Record<string, LimitAlgorithm>

export type LimitAlgorithmName = keyof typeof limitAlgorithms
