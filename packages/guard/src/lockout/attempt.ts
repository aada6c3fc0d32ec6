// The one question around every secret: may this attempt be made, and did it succeed? The port that verbs see.
import type { Decision } from '../decision/decision.ts'

/** Who tries what from where. None of these is stored or logged as it is. */
export interface AttemptSubject {
  /** The account's stable name as typed and normalised (an e-mail address, a user name), existing or not. */
  readonly account: string
  /** The client's address key, {@link ClientAddress.key}. */
  readonly address: string
  /**
   * A device that this account is known to have signed in from; it keeps an allowance of its own. Only what the client
   * has proven, such as a signed cookie: whoever may invent devices may guess for ever.
   */
  readonly knownDevice?: string
  readonly requestId?: string
}

/** `value` is what `check` returned. */
export type AttemptResult<T> =
  | { readonly outcome: 'succeeded'; readonly value: T }
  /** The secret was wrong: the decision's reason is `invalid_credentials`. */
  | { readonly outcome: 'failed'; readonly decision: Decision }
  /**
   * Not looked at, or looked at and not counted, so that the result must not be told: the reason is `locked`, with
   * `retryAfterMs`, or `limits_unavailable` when the store cannot say.
   */
  | { readonly outcome: 'refused'; readonly decision: Decision }

/**
 * Reserves an attempt, runs `check`, settles the attempt. `check` returns `undefined` when the secret is wrong; for an
 * account that does not exist it must do the same work and return `undefined`. If it throws, the reservation is given
 * back uncounted and the error is thrown on.
 */
export type Attempt = <T>(
  subject: AttemptSubject,
  check: () => Promise<T | undefined>,
) => Promise<AttemptResult<T>>

/** What {@link createGuard} needs of a lockout. */
export interface Lockout {
  readonly attempt: Attempt
}
