// Who a request comes from: an API key or an access token that is shown, or the cookies of a session. What is shown always
// wins over a cookie: it was put there on purpose, a cookie comes along by itself.
import type { Database, SystemReader } from '@levqor/database'
import { type Identify, type IdentifyResult, type Maybe, parseIp, type SecurityEvents } from '@levqor/guard'
import type { Revocations } from '@levqor/guard/tokens'
import type { CredentialPlace, Logger } from '@levqor/server'
import type { IdentityPolicy } from '../identity-policy.ts'
import { apiKeyHash } from '../keys/api-key-format.ts'
import { hashSecret } from '../secrets/opaque-token.ts'
import { readAccessCookie, readSessionCookie } from '../sessions/cookies.ts'
import type { SessionTokens } from '../sessions/session-tokens.ts'
import {
  type CachedCredential,
  type CredentialCache,
  createCredentialCache,
  type HeaderKind,
} from './credential-cache.ts'
import { findApiKey, findSession } from './find-credential.ts'
import { createLastUsed, type LastUsed } from './last-used.ts'

/** What is read of a request. Fastify's fits once the guard has opened its door. */
export interface IncomingCredentials {
  /** Of the request. */
  readonly id: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly guard: {
    readonly https: boolean
    readonly clientIp: string
    readonly door?: { readonly name: string }
    /** Whoever the door has let in, from then on. */
    readonly actor?: unknown
  }
}

export interface Authenticator {
  readonly identify: Identify<IncomingCredentials>
  readonly lastUsed: LastUsed
  /** At once; {@link createEndCredential} tells the other processes. */
  readonly forget: CredentialCache['forget']
  readonly forgetAll: CredentialCache['forgetAll']
}

/** The door at which a session is only watched: passing it is no use, so that asking keeps no idle session alive. */
export const watchDoor = 'session.watch'

const missing: IdentifyResult = { outcome: 'missing' }
const malformed: IdentifyResult = { outcome: 'invalid', cause: 'malformed' }
const forbiddenAddress: IdentifyResult = { outcome: 'invalid', cause: 'address_denied' }
const unknownKey: IdentifyResult = { outcome: 'invalid', cause: 'unknown_key' }
const unknownSession: IdentifyResult = { outcome: 'invalid', cause: 'unknown_session' }

export function createAuthenticator(parts: {
  readonly database: Database
  /** Never asked about a text that cannot be a key. */
  readonly read: SystemReader
  readonly tokens: Pick<SessionTokens, 'verifyAccess'>
  readonly policy: IdentityPolicy
  readonly revocations: Pick<Revocations, 'onRevoked'>
  readonly events: Pick<SecurityEvents, 'emit'>
  readonly log: Logger
}): Authenticator {
  const { database, read, tokens, policy, revocations, events, log } = parts
  const { clock } = database
  const cache = createCredentialCache(clock, policy.credentialCacheMs)
  revocations.onRevoked(({ kind, id }) => {
    if (kind === 'key') cache.forget('apiKey', id)
    else if (kind === 'session') cache.forget('session', id)
    else cache.forgetAll()
  })
  const lastUsed = createLastUsed(database, policy.lastUsedEveryMs, log)

  // What was remembered is judged by this request's time and address.
  function accept(
    credential: CachedCredential,
    request: IncomingCredentials,
    otherwise: IdentifyResult,
  ): IdentifyResult {
    const { validUntilMs, allowed } = credential
    if (validUntilMs !== undefined && validUntilMs <= clock.now()) return otherwise
    if (allowed !== undefined) {
      const ip = parseIp(request.guard.clientIp)
      if (ip === undefined || !allowed.ranges.has(ip)) {
        events.emit({
          event: 'key.address_denied',
          requestId: request.id,
          workspaceId: allowed.workspaceId,
          address: request.guard.clientIp,
          details: { key: credential.id },
        })
        return forbiddenAddress
      }
    }
    if (isUse(request)) lastUsed.note(credential)
    return credential.result
  }

  function check(
    request: IncomingCredentials,
    hash: string,
    find: () => Promise<CachedCredential | undefined>,
    otherwise: IdentifyResult,
    header?: { readonly kind: HeaderKind; readonly text: string },
  ): Maybe<IdentifyResult> {
    const known = cache.get(hash)
    return known ? hold(known) : cache.load(hash, find).then((found) => (found ? hold(found) : otherwise))

    function hold(credential: CachedCredential): IdentifyResult {
      if (header) cache.associate(header.kind, header.text, hash)
      return accept(credential, request, otherwise)
    }
  }

  // The signature says which session; whether it holds, and with which rights, is asked like a cookie's.
  function checkAccess(
    request: IncomingCredentials,
    text: string,
    by: CredentialPlace,
  ): Maybe<IdentifyResult> {
    const verified = tokens.verifyAccess(text)
    return verified instanceof Promise ? verified.then(known) : known(verified)

    function known(access: Awaited<typeof verified>): Maybe<IdentifyResult> {
      if ('refused' in access) return { outcome: 'invalid', cause: access.refused }
      const { sessionId: id, userId } = access
      const find = () => findSession(read, { id, userId, by }, clock.now(), policy.sessionIdleMs)
      // No digest looks like this.
      return check(request, `${by} ${id} ${userId}`, find, unknownSession)
    }
  }

  return {
    lastUsed,
    forget: cache.forget,
    forgetAll: cache.forgetAll,
    identify(request) {
      const { headers, guard } = request
      const shown = shownCredential(headers)
      if (shown !== undefined) {
        const known = cache.recall('key', shown)
        if (known) return accept(known, request, unknownKey)
        if (isTokenLike(shown)) return checkAccess(request, shown, 'header')
        const hash = apiKeyHash(shown)
        if (hash === undefined) return malformed
        const find = () => findApiKey(read, hash, clock.now())
        return check(request, hash, find, unknownKey, { kind: 'key', text: shown })
      }
      const { cookie } = headers
      if (typeof cookie !== 'string') return missing
      const kind = guard.https ? 'secureCookie' : 'plainCookie'
      const known = cache.recall(kind, cookie)
      if (known) return accept(known, request, unknownSession)
      const session = readSessionCookie(cookie, guard.https)
      if (session === undefined) {
        const access = readAccessCookie(cookie, guard.https)
        return access === undefined ? missing : checkAccess(request, access, 'cookie')
      }
      const hash = hashSecret(session)
      const find = () => findSession(read, { hash }, clock.now(), policy.sessionIdleMs)
      return check(request, hash, find, unknownSession, { kind, text: cookie })
    },
  }
}

// Of a request that has been let in the credential is only watched, for as long as its event stream is open.
function isUse({ guard }: IncomingCredentials): boolean {
  return guard.actor === undefined && guard.door?.name !== watchDoor
}

// Anything in these headers was meant as a credential; what is none is refused, not ignored.
function shownCredential(headers: IncomingCredentials['headers']): string | undefined {
  const { authorization } = headers
  if (typeof authorization === 'string') return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? ''
  const key = headers['x-api-key']
  if (typeof key !== 'string') return undefined
  // This field is for keys alone.
  return isTokenLike(key) ? '' : key
}

/** Three segments (RFC 7515 section 7.1): a key has none, so nothing is looked up to tell the two apart. */
function isTokenLike(text: string): boolean {
  return text.split('.', 4).length === 3
}
