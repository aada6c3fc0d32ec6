// What happens when somebody shows a refresh token: a successor, the same successor again, or the end of the family.
import type { Clock } from '../../clock.ts'
import { guardError } from '../../errors.ts'
import type { SecurityEvents } from '../../events/event-pipeline.ts'
import type { Maybe } from '../../kernel/identity.ts'
import type { Secret } from '../../secrets/secret.ts'
import type { RevocationSubject, Revocations } from '../revocation/revocations.ts'
import { decideRotation, rotationTimes } from './decide-rotation.ts'
import type { RefreshFamily, RefreshStore } from './refresh-store.ts'
import {
  deriveRefreshToken,
  equalTexts,
  hashRefreshToken,
  parseRefreshToken,
  type ShownToken,
} from './refresh-token.ts'

/** A family that ended because two held its tokens. */
export interface RefreshReuse {
  readonly familyId: string
  readonly userId: string
  /** Where the token was shown this time, by the thief or by the owner. */
  readonly address?: string | undefined
  readonly requestId?: string | undefined
}

/** Facts of the request that shows a token, for events. */
export interface RefreshRequest {
  readonly address?: string | undefined
  readonly requestId?: string | undefined
}

/** A token to hand out. */
export interface IssuedRefreshToken {
  readonly token: string
  /** `sid` of the access tokens that go with it. */
  readonly familyId: string
  readonly userId: string
  /** Epoch milliseconds; the same for the whole family. */
  readonly expiresAtMs: number
}

/** Why a refresh token was refused. For our own records; the caller is told `credential_invalid`. */
export type RefreshRefusal = 'malformed' | 'unknown' | 'expired' | 'ended' | 'revoked' | 'reuse_detected'

/** The answer of {@link RefreshTokens.rotate}. */
export type RotationResult =
  /** `repeated`: somebody else was faster, and this is the same successor. */
  | ({ readonly outcome: 'rotated' | 'repeated' } & IssuedRefreshToken)
  /** Only now may the browser's cookies be ended. */
  | { readonly outcome: 'refused'; readonly reason: RefreshRefusal }

/** What a rotation needs. */
export interface RotationParts {
  readonly store: RefreshStore
  /** The one that new tokens are derived with first. */
  readonly secrets: readonly [Secret, ...Secret[]]
  readonly revocations: Revocations
  readonly clock: Clock
  readonly events: SecurityEvents
  readonly onReuse: ((reuse: RefreshReuse) => Maybe<void>) | undefined
  readonly reuseWindowMs: number
  readonly voidFamily: (id: string, cause: string) => Promise<void>
}

const reuseDetected = 'reuse_detected'
/** A token may be replaced by another caller while it is looked at; then it is no longer the newest. */
const mostLooks = 3

/** Compiles the rotation. */
export function createRotation(parts: RotationParts) {
  const { store, secrets, revocations, clock, events, onReuse, reuseWindowMs, voidFamily } = parts
  const [secret] = secrets
  return rotate

  async function rotate(token: string, request: RefreshRequest): Promise<RotationResult> {
    const shown = parseRefreshToken(token)
    if (shown === undefined) return refused('malformed')
    for (let look = 0; look < mostLooks; look++) {
      const family = await store.find(shown.familyId)
      if (family === undefined || !isOf(family, shown)) return refused('unknown')
      const nowMs = clock.now()
      const decision = decideRotation(family, shown.counter, nowMs, reuseWindowMs)
      if (decision.action === 'refuse') return refuse(family, decision.reason)
      if (decision.action === 'reuse') return endReused(family, shown, request)
      const ended = await revocations.find(subjectOf(family))
      if (ended !== undefined) {
        await store.end(family.id, ended.cause)
        return refused('revoked')
      }
      const again = decision.action === 'repeat' ? newestOf(family) : undefined
      if (again !== undefined) return issued('repeated', again, family)
      // Also when the newest token cannot be derived any more, because the secret was changed this very moment.
      const next = deriveRefreshToken(family, family.counter + 1, secret)
      const step = {
        counter: family.counter + 1,
        tokenHash: hashRefreshToken(next),
        rotatedAtMs: rotationTimes(family, nowMs, reuseWindowMs),
      }
      if (await store.advance(family.id, family.counter, step)) return issued('rotated', next, family)
    }
    throw guardError('store_unreachable', 'The store of refresh tokens takes no step and shows no other.')
  }

  function isOf(family: RefreshFamily, shown: ShownToken): boolean {
    if (shown.counter === family.counter) return equalTexts(hashRefreshToken(shown.text), family.tokenHash)
    return secrets.some((one) => equalTexts(deriveRefreshToken(family, shown.counter, one), shown.text))
  }

  function newestOf(family: RefreshFamily): string | undefined {
    return secrets
      .map((one) => deriveRefreshToken(family, family.counter, one))
      .find((token) => equalTexts(hashRefreshToken(token), family.tokenHash))
  }

  async function refuse(family: RefreshFamily, reason: RefreshRefusal): Promise<RotationResult> {
    // Whoever ended it may have broken off before the access tokens were void.
    if (family.endedCause === reuseDetected && (await revocations.find(subjectOf(family))) === undefined) {
      await voidFamily(family.id, reuseDetected)
    }
    return refused(reason)
  }

  async function endReused(
    family: RefreshFamily,
    shown: ShownToken,
    request: RefreshRequest,
  ): Promise<RotationResult> {
    if (!(await store.end(family.id, reuseDetected))) return refused(reuseDetected)
    try {
      await voidFamily(family.id, reuseDetected)
    } finally {
      const { id: familyId, userId } = family
      const details = { cause: reuseDetected, family: familyId, behind: family.counter - shown.counter }
      events.emit({ event: 'token.reuse_detected', ...request, actorId: userId, details })
      await notify({ familyId, userId, ...request })
    }
    return refused(reuseDetected)
  }

  /** The thief is refused whether or not the owner can be told; the event is there either way. */
  async function notify(reuse: RefreshReuse): Promise<void> {
    try {
      await onReuse?.(reuse)
    } catch (error) {
      process.emitWarning(
        `Nobody could be told that a refresh token was reused: ${String(error)}`,
        'LevqorTokens',
      )
    }
  }
}

function subjectOf({ id, userId, createdAtMs }: RefreshFamily): RevocationSubject {
  return { session: id, family: id, user: userId, issuedAtMs: createdAtMs }
}

function issued(
  outcome: 'rotated' | 'repeated',
  token: string,
  { id, userId, expiresAtMs }: RefreshFamily,
): RotationResult {
  return { outcome, token, familyId: id, userId, expiresAtMs }
}

function refused(reason: RefreshRefusal): RotationResult {
  return { outcome: 'refused', reason }
}
