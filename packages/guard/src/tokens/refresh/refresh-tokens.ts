// Refresh tokens: each is used once and replaced by the next of its family, so that of two holders one is found out.
import { randomBytes } from 'node:crypto'
import { type Clock, systemClock } from '../../clock.ts'
import { noSecurityEvents, type SecurityEvents } from '../../events/event-pipeline.ts'
import type { Maybe } from '../../kernel/identity.ts'
import type { Secret } from '../../secrets/secret.ts'
import { issueMoment } from '../revocation/issue-moment.ts'
import type { Revocations } from '../revocation/revocations.ts'
import { checkStrongSecret } from '../strong-secret.ts'
import { requireTokenPolicy, type TokenPolicy, tokenSettings } from '../token-policy.ts'
import type { RefreshStore } from './refresh-store.ts'
import { deriveRefreshToken, hashRefreshToken } from './refresh-token.ts'
import {
  createRotation,
  type IssuedRefreshToken,
  type RefreshRequest,
  type RefreshReuse,
  type RotationResult,
} from './rotate-family.ts'

/** Settings of {@link createRefreshTokens}. */
export interface RefreshTokenOptions {
  readonly policy: TokenPolicy
  readonly store: RefreshStore
  /** 256 bits. */
  readonly secret: Secret
  /** The one before, after a change: while it is here, late replays of tokens made with it are found out. */
  readonly previousSecret?: Secret
  readonly revocations: Revocations
  readonly clock?: Clock
  readonly events?: SecurityEvents
  /** Tells the user. Called once per family, after everything of it is void. */
  readonly onReuse?: (reuse: RefreshReuse) => Maybe<void>
}

/** Starts, rotates and ends families. All reject with the store's own error when it fails: never with a refusal. */
export interface RefreshTokens {
  /** A family and its first token, after somebody has signed in. */
  start(userId: string): Promise<IssuedRefreshToken>
  /** Exchanges a token for its successor. Never throws for anything a caller can send. */
  rotate(token: string, request?: RefreshRequest): Promise<RotationResult>
  /** Ends a family and voids its access tokens everywhere. */
  end(familyId: string, cause: string): Promise<void>
  /** Ends every family of a user and voids what was issued before. */
  endAllOf(userId: string, cause: string): Promise<void>
}

/** A process that heard nothing for so long still learns from the store what ended meanwhile. */
const deafnessMs = 3_600_000

/**
 * Refresh tokens of one application.
 * @throws GuardError `bad_token_policy` with every problem, weak secrets among them
 * @example
 * const first = await refreshTokens.start(account.id)
 * const result = await refreshTokens.rotate(shown, { address: passage.clientIp })
 * if (result.outcome === 'refused') return denied(cookies.access.end(), cookies.refresh.end())
 */
export function createRefreshTokens(options: RefreshTokenOptions): RefreshTokens {
  const { policy, store, secret, previousSecret, revocations, onReuse } = options
  const { clock = systemClock, events = noSecurityEvents } = options
  const secrets: readonly [Secret, ...Secret[]] =
    previousSecret === undefined ? [secret] : [secret, previousSecret]
  const weak = secrets.flatMap((one, i) => checkStrongSecret(one, i === 0 ? 'secret' : 'previousSecret'))
  requireTokenPolicy(policy, weak)
  const { accessLifetimeMs, refreshLifetimeMs, reuseWindowMs } = tokenSettings(policy)
  const rotate = createRotation({
    store,
    secrets,
    revocations,
    clock,
    events,
    onReuse,
    reuseWindowMs,
    voidFamily,
  })

  return {
    async start(userId) {
      const id = randomBytes(16).toString('base64url')
      const seed = randomBytes(32).toString('base64url')
      const token = deriveRefreshToken({ id, seed }, 1, secret)
      const nowMs = clock.now()
      const createdAtMs = await issueMoment(revocations, userId, nowMs)
      const expiresAtMs = nowMs + refreshLifetimeMs
      const tokenHash = hashRefreshToken(token)
      await store.add({
        id,
        userId,
        seed,
        counter: 1,
        tokenHash,
        rotatedAtMs: [],
        createdAtMs,
        expiresAtMs,
      })
      return { token, familyId: id, userId, expiresAtMs }
    },
    async rotate(token, request = {}) {
      const result = await rotate(token, request)
      if (result.outcome === 'refused' && result.reason !== 'reuse_detected') {
        const details = { token: 'refresh', reason: result.reason }
        events.emit({ event: 'token.invalid', ...request, details })
      }
      return result
    },
    async end(familyId, cause) {
      await store.end(familyId, cause)
      await voidFamily(familyId, cause)
    },
    async endAllOf(userId, cause) {
      await store.endAllOf(userId, cause)
      await revocations.revoke({ kind: 'user', id: userId, cause, forgetAtMs: forgetAtMs() })
    },
  }

  function voidFamily(id: string, cause: string): Promise<void> {
    return revocations.revoke({ kind: 'family', id, cause, forgetAtMs: forgetAtMs() })
  }

  function forgetAtMs(): number {
    return clock.now() + accessLifetimeMs + deafnessMs
  }
}
