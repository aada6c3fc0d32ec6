// The limit algorithms as one table: a name, how many numbers of state a key needs, and pure functions over them.
// Stores know nothing else about an algorithm.
import type { Limit } from './limit.ts'
import { tokenBucket } from './token-bucket.ts'

/** State lives in a flat array, `width` numbers per key from `at` on. All zero is a key never seen. */
export interface LimitAlgorithm {
  readonly width: number
  /** Microseconds until `cost` more would pass; 0 if they pass now. Changes nothing. */
  waitMicros(state: Float64Array, at: number, limit: Limit, cost: number, nowMicros: number): number
  /** Takes `cost`, which must have been found to pass. */
  take(state: Float64Array, at: number, limit: Limit, cost: number, nowMicros: number): void
  remaining(state: Float64Array, at: number, limit: Limit, nowMicros: number): number
  /** Microseconds until the key has its full quota; 0 means that forgetting the key changes nothing. */
  restMicros(state: Float64Array, at: number, limit: Limit, nowMicros: number): number
  /** Starts a key from the state of a coarser bucket that also carried its charges. */
  inherit(state: Float64Array, at: number, coarse: Float64Array, coarseAt: number): void
}

/** Every algorithm a rule may name. */
export const limitAlgorithms = { 'token-bucket': tokenBucket } as const satisfies Record<
  string,
  LimitAlgorithm
>

export type LimitAlgorithmName = keyof typeof limitAlgorithms
