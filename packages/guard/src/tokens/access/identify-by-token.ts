// Who a request comes from, by its access token: from the Authorization field (RFC 6750 section 2.1) or from a cookie.
// Where it stood is told to the kernel here and not by the application: a browser sends cookies for whoever asks, so the
// kernel must insist on the origin then.
import type { Actor, IdentifyResult, Maybe } from '../../kernel/identity.ts'
import type { Cookie } from '../cookies/cookie.ts'
import type { AccessClaims } from './access-claims.ts'
import type { AccessTokens, AccessVerdict } from './access-tokens.ts'

type HeaderRecord = Readonly<Record<string, string | string[] | undefined>>

/** The parts of a request that are read. Requests of Node, Fastify, Express and the Fetch standard fit as they are. */
export interface TokenRequest {
  readonly headers: HeaderRecord | { get(name: string): string | null }
}

/** What the application says about somebody; the rest of the actor is in the token. */
export type TokenActor = Omit<Actor, 'via' | 'by' | 'sessionId' | 'familyId' | 'issuedAtMs'>

/** Settings of {@link identifyByToken}. */
export interface IdentifyByTokenOptions {
  readonly accessTokens: AccessTokens
  /** Takes `Authorization: Bearer …` (default true). It goes before the cookie. */
  readonly bearer?: boolean
  /** Takes the token from this cookie. */
  readonly cookie?: Cookie
  /** The application's actor. Nobody any more: `undefined`, which refuses like a token that does not hold. */
  readonly toActor: (claims: AccessClaims) => Maybe<TokenActor | undefined>
}

/** Asks the request itself; fits `Identify` of every adapter whose requests have these parts. */
export type IdentifyByToken = (request: TokenRequest) => Maybe<IdentifyResult>

/**
 * Identifies by access token. Every refusal looks the same to the caller; its precise cause goes to the event.
 *
 * When neither bus nor store can say whether a token was ended, the answer is `unverified`, and the door decides: `deny`
 * and everything that changes something are refused, reading at other doors passes on the token's word, degraded.
 * @example
 * const identify = identifyByToken({ accessTokens, cookie: cookies.access, toActor })
 * await app.register(guardFastify(guard, { identify }))
 */
export function identifyByToken(options: IdentifyByTokenOptions): IdentifyByToken {
  const { accessTokens, bearer = true, cookie, toActor } = options
  return (request) => {
    const shown = bearer ? readBearer(headerOf(request, 'authorization')) : undefined
    if (shown !== undefined) return verify(shown, 'header')
    if (cookie === undefined) return missing
    const reading = cookie.read(headerOf(request, 'cookie'))
    if (reading.outcome === 'missing') return missing
    if (reading.outcome === 'refused') return { outcome: 'invalid', cause: reading.cause }
    return verify(reading.value, 'cookie')
  }

  function verify(token: string, by: Place): Maybe<IdentifyResult> {
    const verdict = accessTokens.verify(token)
    if (!(verdict instanceof Promise)) return judge(verdict, by)
    return verdict.then((late) => judge(late, by))
  }

  function judge(verdict: AccessVerdict, by: Place): Maybe<IdentifyResult> {
    if (verdict.valid) return become('identified', verdict.claims, by)
    if (verdict.reason !== 'revocation_unknown') return { outcome: 'invalid', cause: verdict.reason }
    return become('unverified', verdict.claims, by)
  }

  function become(outcome: Known, claims: AccessClaims, by: Place): Maybe<IdentifyResult> {
    const actor = toActor(claims)
    if (!(actor instanceof Promise)) return known(outcome, actor, claims, by)
    return actor.then((late) => known(outcome, late, claims, by))
  }
}

type Known = 'identified' | 'unverified'

type Place = NonNullable<Actor['by']>

const missing: IdentifyResult = { outcome: 'missing' }

function known(
  outcome: Known,
  actor: TokenActor | undefined,
  { sid, iat }: AccessClaims,
  by: Place,
): IdentifyResult {
  if (actor === undefined) return { outcome: 'invalid', cause: 'actor_gone' }
  const issuedAtMs = Math.round(iat * 1000)
  return { outcome, actor: { ...actor, via: 'token', by, sessionId: sid, familyId: sid, issuedAtMs } }
}

function headerOf({ headers }: TokenRequest, name: string): string | string[] | undefined {
  // A client may send a header called "get": only a function makes these Fetch headers.
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined
  // What is no Headers object is a record.
  return (headers as HeaderRecord)[name]
}

/** The text after `Bearer`, whatever it is; nothing when the field is absent. */
function readBearer(field: string | string[] | undefined): string | undefined {
  if (field === undefined) return undefined
  if (typeof field !== 'string') return ''
  return field.startsWith('Bearer ') || /^bearer /i.test(field) ? field.slice(7) : ''
}
