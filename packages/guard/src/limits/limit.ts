// What a limit is: as written in a policy (LimitRule) and as a store sees it (Limit).
import type { LimitAlgorithmName } from './algorithms.ts'
import { slotMicrosOf } from './sliding-window.ts'

/**
 * What a limit counts by. `credential` is the API key or, without one, the session; `door` separates doors that
 * share a rule; `global` counts everybody together. A part that an actor does not have falls back to the actor's id,
 * so that a missing fact can never switch a limit off.
 */
export type LimitKeyPart =
  | 'address'
  | 'account'
  | 'credential'
  | 'session'
  | 'workspace'
  | 'actor'
  | 'door'
  | 'global'

/** A number for everybody, or one per plan with a `default` for plans not named. */
export type ByPlan = number | (Readonly<Record<string, number>> & { readonly default: number })

/** One limit as data. Rules with the same `name` must be identical: they share their counts between doors. */
export interface LimitRule {
  /** Appears in `RateLimit-Policy`: lower-case letters, digits and dashes. */
  readonly name: string
  readonly by: LimitKeyPart | readonly LimitKeyPart[]
  /** How many per window. */
  readonly quota: ByPlan
  readonly windowMs: number
  /** Token bucket only: how many at once from rest; default: the whole quota. */
  readonly burst?: ByPlan
  /** What one request takes (default 1). */
  readonly cost?: number
  /** Default `token-bucket`; {@link limitAlgorithms} says what each lets through. */
  readonly algorithm?: LimitAlgorithmName
}

/** A limit with its numbers worked out. Times are integer microseconds, so every store calculates the same. */
export interface Limit {
  readonly name: string
  /**
   * Limits with the same key share their counts: algorithm, window, name, such as `t60000:sign-in`. A store that
   * outlives the program so never reads counts of one form as another. Short, because it is part of every key.
   */
  readonly countKey: string
  readonly algorithm: LimitAlgorithmName
  readonly quota: number
  readonly windowMs: number
  /** The window in whole microseconds, rounded up. */
  readonly windowMicros: number
  readonly burst: number
  readonly cost: number
  /** Token bucket: time one unit takes to come back, rounded up: never more than the quota. */
  readonly intervalMicros: number
  /** Token bucket: time that the cost takes to come back. */
  readonly costMicros: number
  /** Token bucket: time an empty bucket takes to fill. */
  readonly capacityMicros: number
  /** Sliding window: charges this far apart are counted as one. */
  readonly slotMicros: number
  /** `RateLimit-Policy` item and start of the `RateLimit` item, computed once. */
  readonly policyField: string
  readonly stateFieldStart: string
}

/** How one limit stands after a decision. */
export interface LimitState {
  readonly limit: Limit
  /** Whole units left; 0 when exceeded. */
  readonly remaining: number
  /** Until the full burst is available again. */
  readonly resetMs: number
  /** Whether this limit refused. */
  readonly exceeded: boolean
  /** Until the same request would pass this limit; 0 if it passed. */
  readonly retryAfterMs: number
}

/** The rule's number for a plan. */
function forPlan(value: ByPlan, plan: string | undefined): number {
  if (typeof value === 'number') return value
  return plan !== undefined && Object.hasOwn(value, plan) ? (value[plan] ?? value.default) : value.default
}

/** Works out a rule for one plan. The rule must have been validated. */
export function compileLimit(rule: LimitRule, plan?: string): Limit {
  const { name, windowMs, algorithm = 'token-bucket', cost = 1 } = rule
  const quota = forPlan(rule.quota, plan)
  const burst = rule.burst === undefined ? quota : forPlan(rule.burst, plan)
  const windowMicros = Math.ceil(windowMs * 1000)
  const intervalMicros = Math.ceil((windowMs * 1000) / quota)
  return {
    name,
    countKey: `${algorithm.charAt(0)}${windowMs}:${name}`,
    algorithm,
    quota,
    windowMs,
    windowMicros,
    burst,
    cost,
    intervalMicros,
    costMicros: intervalMicros * cost,
    capacityMicros: intervalMicros * burst,
    slotMicros: slotMicrosOf(quota, windowMicros),
    policyField: `"${name}";q=${quota};w=${Math.max(1, Math.ceil(windowMs / 1000))}`,
    stateFieldStart: `"${name}";r=`,
  }
}
