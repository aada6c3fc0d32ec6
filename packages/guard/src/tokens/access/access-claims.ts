// What an access token says, and whether it says it here and now.
import type { RevocationSubject } from '../revocation/revocations.ts'
import type { PlainObject } from './plain-json.ts'
import type { TokenRefusal } from './token-refusals.ts'

/**
 * How far a token may come from the future, in milliseconds: clocks of two machines differ a little. The end is exact:
 * no token outlives its `exp`.
 */
export const clockToleranceMs = 5000

/** Claims of an access token (RFC 7519 section 4.1). Times in seconds. */
export interface AccessClaims {
  readonly iss: string
  readonly aud: string
  /** The account. */
  readonly sub: string
  /** The session, which is the family of its refresh tokens. */
  readonly sid: string
  /** This token. */
  readonly jti: string
  /** To the millisecond: a token issued right after its user's tokens were ended must be told from those. */
  readonly iat: number
  readonly nbf: number
  readonly exp: number
}

/** Who is expected to have issued it, and for whom. */
export interface ExpectedClaims {
  readonly issuer: string
  readonly audience: string
}

const ids = ['iss', 'aud', 'sub', 'sid', 'jti'] as const
const times = ['iat', 'nbf', 'exp'] as const

/** The claims of a token whose signature holds, or why they do not count. Claims that nobody knows are left out. */
export function readClaims(
  object: PlainObject,
  expected: ExpectedClaims,
  nowMs: number,
): AccessClaims | TokenRefusal {
  if (!hasForm(object)) return 'claim_form'
  const { iss, aud, sub, sid, jti, iat, nbf, exp } = object
  if (iss !== expected.issuer) return 'issuer_wrong'
  if (aud !== expected.audience) return 'audience_wrong'
  if (nowMs >= exp * 1000) return 'expired'
  if (nbf * 1000 > nowMs + clockToleranceMs) return 'not_yet_valid'
  if (iat * 1000 > nowMs + clockToleranceMs) return 'issued_in_future'
  return Object.freeze({ iss, aud, sub, sid, jti, iat, nbf, exp })
}

function hasForm(object: PlainObject): object is PlainObject & AccessClaims {
  return ids.every((name) => isId(own(object, name))) && times.every((name) => isTime(own(object, name)))
}

function own(object: PlainObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** Whether a text can stand in `sub`, `sid` or `jti`: 1 to 256 printable characters without spaces. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,256}$/.test(value)
}

/** Up to the year 9999, so that no sum with it leaves the exact integers. */
function isTime(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value < 253_402_300_800
}

/** The ids by which a token can be ended. Sockets keep this to know which revocation means them. */
export function revocationSubject(claims: AccessClaims): RevocationSubject {
  const { sid, sub, jti, iat } = claims
  return { session: sid, family: sid, user: sub, token: jti, issuedAtMs: Math.round(iat * 1000) }
}
