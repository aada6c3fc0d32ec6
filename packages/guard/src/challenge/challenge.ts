// The port of a human check. The guard knows no provider; drivers are in the subpath `challenge`.

/**
 * `failed`: the token is wrong, used before or too old. `unavailable`: the provider could not say, or refused us;
 * the penalty policy's `onChallengeUnavailable` decides.
 */
export type ChallengeResult = 'ok' | 'failed' | 'unavailable'

/** Verifies what a person's browser got from the provider's widget. */
export interface Challenge {
  /** `token` is a caller's text of bounded length. A rejection counts as `unavailable`. */
  verify(token: string, clientIp: string): Promise<ChallengeResult>
}

/** The request header that carries the token. */
export const challengeHeader = 'x-challenge-token'

/** A longer one is no token of any provider (Turnstile's have at most 2,048 characters, others' twice as many). */
export const longestChallengeToken = 8192
