// Access tokens: short-lived, signed, verified without a look-up, and still void the moment their session ends.
// Signed and verified with node:crypto behind the strict reader, not with jose: see docs/decisions/0009.
import { randomUUID } from 'node:crypto'
import { type Clock, systemClock } from '../../clock.ts'
import type { Maybe } from '../../kernel/identity.ts'
import { issueMoment } from '../revocation/issue-moment.ts'
import type { Revocation, RevocationSubject, Revocations } from '../revocation/revocations.ts'
import { requireTokenPolicy, type TokenPolicy, tokenSettings } from '../token-policy.ts'
import { type AccessClaims, isId, revocationSubject } from './access-claims.ts'
import { createTokenReader, headerSegment } from './read-token.ts'
import type { TokenKeys } from './token-keys.ts'
import type { TokenRefusal } from './token-refusals.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

/** Settings of {@link createAccessTokens}. */
export interface AccessTokenOptions {
  readonly policy: TokenPolicy
  readonly keys: TokenKeys
  readonly revocations: Revocations
  readonly clock?: Clock
  /** Verified tokens remembered (default 10,000: about 12 MB when full). */
  readonly remembered?: number
}

/** Whom a token is for. Ids are opaque, 1 to 256 printable characters, and say nothing about a person. */
export interface AccessSubject {
  /** The account. */
  readonly sub: string
  /** The session: the `familyId` of its refresh tokens, if it has any. */
  readonly sid: string
}

/** The answer of {@link AccessTokens.verify}. The reason is for our own records only. */
export type AccessVerdict =
  | { readonly valid: true; readonly claims: AccessClaims }
  | {
      readonly valid: false
      readonly reason: TokenRefusal
      /** What ended it, for `revoked`. */
      readonly revocation?: Revocation
    }
  /** Neither bus nor store can say; all else holds. A door may let such a token read, never write. */
  | { readonly valid: false; readonly reason: 'revocation_unknown'; readonly claims: AccessClaims }

/** Issues and verifies access tokens. */
export interface AccessTokens {
  /**
   * A new token. It holds even if all of the user's tokens were ended a moment ago by a machine whose clock is ahead.
   * @throws RangeError when an id is empty, longer than 256 characters or not printable
   * @throws GuardError `store_unreachable` when neither bus nor store can say what was ended
   */
  issue(subject: AccessSubject): Promise<string>
  /**
   * Whether a token holds here and now. Returns at once while the revocation bus is alive. Never throws, whatever the
   * text is and whatever is down.
   */
  verify(token: string): Maybe<AccessVerdict>
}

interface Remembered {
  readonly verdict: AccessVerdict & { readonly valid: true }
  readonly subject: RevocationSubject
  /** Epoch milliseconds: the end of the token or of its key, whichever comes first. */
  readonly untilMs: number
}

/**
 * Access tokens for one issuer and audience. Tokens hold `accessLifetimeMs`; `iat` and `nbf` may lie 5 s in the future,
 * `exp` is exact.
 * @throws GuardError `bad_token_policy` with every problem
 * @example
 * const accessTokens = createAccessTokens({ policy: policy.tokens, keys, revocations })
 * const token = await accessTokens.issue({ sub: account.id, sid: session.familyId })
 */
export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  const { policy, keys, revocations, clock = systemClock, remembered = 10_000 } = options
  requireTokenPolicy(policy)
  const { issuer, audience, accessLifetimeMs } = tokenSettings(policy)
  const read = createTokenReader(keys, { issuer, audience })
  const header = headerSegment(keys)
  const verified = createVerifiedTokens<Remembered>(remembered)
  return {
    async issue({ sub, sid }) {
      if (!isId(sub) || !isId(sid))
        throw new RangeError('sub and sid are 1 to 256 printable characters without spaces')
      const nowMs = clock.now()
      const issuedAtMs = await issueMoment(revocations, sub, nowMs)
      const seconds = Math.floor(nowMs / 1000)
      const claims: AccessClaims = {
        iss: issuer,
        aud: audience,
        sub,
        sid,
        jti: randomUUID(),
        iat: issuedAtMs / 1000,
        nbf: seconds,
        exp: seconds + accessLifetimeMs / 1000,
      }
      const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
      return `${signed}.${keys.sign(signed).toString('base64url')}`
    },
    verify(token) {
      const nowMs = clock.now()
      const known = verified.find(token)
      if (known !== undefined && nowMs < known.untilMs) return unlessRevoked(known)
      const result = read(token, nowMs)
      if (typeof result === 'string') return { valid: false, reason: result }
      const { claims, key } = result
      const entry: Remembered = {
        verdict: { valid: true, claims },
        subject: revocationSubject(claims),
        untilMs: Math.min(claims.exp * 1000, key.untilMs),
      }
      verified.add(token, entry)
      return unlessRevoked(entry)
    },
  }

  function unlessRevoked(entry: Remembered): Maybe<AccessVerdict> {
    const { verdict } = entry
    const found = revocations.find(entry.subject)
    if (found === undefined) return verdict
    if (!(found instanceof Promise)) return { valid: false, reason: 'revoked', revocation: found }
    return found.then(
      (revocation) => (revocation === undefined ? verdict : { valid: false, reason: 'revoked', revocation }),
      () => ({ valid: false, reason: 'revocation_unknown', claims: verdict.claims }),
    )
  }
}
