// The one result every protection produces and every adapter renders.
import type { Actor, CredentialKind } from '../kernel/identity.ts'
import type { LimitState } from '../limits/limit.ts'
import type { DecisionReason } from './reasons.ts'

/**
 * `allow`: pass. `deny`: the guard answers in the application's place, mostly with a refusal. `degrade`: pass, although
 * a protection would have refused (mode `observe`) or could not decide (a store failed and the door chose to go on);
 * `reason` says which.
 */
export type DecisionOutcome = 'allow' | 'deny' | 'degrade'

/** What the guard decided about one request. */
export interface Decision {
  readonly outcome: DecisionOutcome
  readonly reason: DecisionReason
  /** The limits that were asked, in the door's order; empty if none was. */
  readonly limits: readonly LimitState[]
  /** When the same request may pass, for `rate_limited`. */
  readonly retryAfterMs?: number
  readonly actor?: Actor
  readonly clientIp: string
  /** Where to go instead, for `https_redirect`. */
  readonly location?: string
  /** The scopes asked for, for `scope_missing`. */
  readonly scopes?: readonly string[]
  /** What the door takes, for `credential_missing`. */
  readonly accepts?: readonly CredentialKind[]
}
