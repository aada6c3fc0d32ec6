// Access and refresh tokens of sessions: the guard's, hung on the session's row. The row is the truth about who may do what
// and until when; a token only says which row, and each renewal shows whether two hold the same session.
import type { Database, SystemTransaction } from '@levqor/database'
import type { Maybe, Secret, SecurityEvents } from '@levqor/guard'
import {
  createAccessTokens,
  createRefreshTokens,
  type IssuedRefreshToken,
  type RefreshRequest,
  type RefreshReuse,
  type Revocations,
  type RotationResult,
  type TokenKeys,
  type TokenPolicy,
} from '@levqor/guard/tokens'
import { databaseRefreshStore } from '@levqor/server'
import type { IdentityPolicy } from '../identity-policy.ts'

/** What tokens are made and checked with. All from secrets of this installation, each for one purpose. */
export interface SessionTokenKeys {
  /** In slots, so that a new key can be brought in while tokens of the old one are out. */
  readonly access: TokenKeys
  /** 256 bits. */
  readonly refresh: Secret
  /** The one before, after a change. */
  readonly previousRefresh?: Secret
}

/** An access token whose signature, issuer, audience and times hold. Whether its session does is for the row to say. */
export interface VerifiedAccess {
  readonly sessionId: string
  readonly userId: string
}

export interface SessionTokens {
  /** A family of refresh tokens and its first token, in the transaction that writes the session. */
  start(tx: SystemTransaction, userId: string): Promise<IssuedRefreshToken>
  issueAccess(session: VerifiedAccess): Promise<string>
  verifyAccess(text: string): Maybe<VerifiedAccess | { readonly refused: string }>
  /** In transactions of its own. */
  rotate(token: string, request: RefreshRequest): Promise<RotationResult>
}

export function createSessionTokens(parts: {
  readonly database: Database
  readonly revocations: Revocations
  readonly events: SecurityEvents
  readonly keys: SessionTokenKeys
  readonly policy: IdentityPolicy
  /** Public origin: who issues, and whom tokens are for. Those of another installation are strangers here. */
  readonly url: string
  onReuse(reuse: RefreshReuse): Promise<void>
}): SessionTokens {
  const { database, events, keys, policy, url, onReuse } = parts
  const { clock } = database
  const revocations = withoutUsers(parts.revocations)
  const tokenPolicy: TokenPolicy = {
    issuer: url,
    audience: `${url}/api`,
    accessLifetimeMs: policy.accessTokenMs,
    refreshLifetimeMs: policy.sessionAbsoluteMs,
    reuseWindowMs: policy.refreshReuseMs,
  }
  const access = createAccessTokens({ policy: tokenPolicy, keys: keys.access, revocations, clock })
  const refreshIn = (tx?: SystemTransaction) =>
    createRefreshTokens({
      policy: tokenPolicy,
      store: databaseRefreshStore(database, tx),
      secret: keys.refresh,
      ...(keys.previousRefresh === undefined ? {} : { previousSecret: keys.previousRefresh }),
      revocations,
      clock,
      events,
      onReuse,
    })
  const refresh = refreshIn()

  return {
    start: (tx, userId) => refreshIn(tx).start(userId),
    issueAccess: ({ sessionId, userId }) => access.issue({ sub: userId, sid: sessionId }),
    verifyAccess(text) {
      const verdict = access.verify(text)
      return verdict instanceof Promise ? verdict.then(judge) : judge(verdict)
    },
    rotate: (token, request) => refresh.rotate(token, request),
  }

  function judge(verdict: Awaited<ReturnType<typeof access.verify>>) {
    // Nobody knows whether it was revoked: the session's row does, and it is asked next.
    if (!verdict.valid && verdict.reason !== 'revocation_unknown') return { refused: verdict.reason }
    const { sid, sub } = verdict.claims
    return { sessionId: sid, userId: sub }
  }
}

/**
 * Here a revocation of a person says that their rights are others, not that they are signed out
 * (`CredentialRevocation.changeRights`): their tokens go on, and the row says with which rights.
 */
function withoutUsers(revocations: Revocations): Revocations {
  return {
    ...revocations,
    get alive() {
      return revocations.alive
    },
    find: ({ user: _, ...subject }) => revocations.find(subject),
  }
}
