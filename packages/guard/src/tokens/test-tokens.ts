// Parts for tests of this room: a clock that is moved, keys, revocations that are told by hand.
import { generateKeyPairSync } from 'node:crypto'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { noSecurityEvents, type SecurityEvents } from '../events/event-pipeline.ts'
import { createSecret } from '../secrets/secret.ts'
import type { AccessTokenOptions } from './access/access-tokens.ts'
import { createAccessTokens } from './access/access-tokens.ts'
import { createTokenKeys, type TokenKeyOptions } from './access/token-keys.ts'
import { createMemoryRefreshStore } from './refresh/memory-refresh-store.ts'
import { createRefreshTokens, type RefreshTokenOptions } from './refresh/refresh-tokens.ts'
import type { RefreshReuse } from './refresh/rotate-family.ts'
import { createRevocations } from './revocation/create-revocations.ts'
import { inProcessRevocationBus } from './revocation/in-process-bus.ts'
import { createMemoryRevocationStore } from './revocation/memory-revocation-store.ts'
import type { TokenPolicy } from './token-policy.ts'

export const startMs = 1_800_000_000_000

export const testPolicy: TokenPolicy = { issuer: 'https://app.example', audience: 'https://api.example' }

export const secretText = 'Zk3v9Q2xT7mB1nL8rW5yC4pH6sD0gJfAeUiOaXqVtRw'
export const otherSecretText = 'b7Xq2Lw9Rt5Vn1Kc8Jm4Hs6Fd3Gp0Ya-Ze_UoItBxNk'

export const hmacKeys = {
  algorithm: 'HS256',
  current: { kid: 'key-1', key: createSecret(secretText, { name: 'TOKEN_SECRET' }) },
} as const satisfies TokenKeyOptions

export const pair = generateKeyPairSync('ed25519')

export const signatureKeys = {
  algorithm: 'EdDSA',
  current: { kid: 'key-1', key: pair.privateKey },
} as const satisfies TokenKeyOptions

/** A clock that stands still until it is moved. */
export function movedClock(now = startMs) {
  return {
    now: () => now,
    advance(ms: number) {
      now += ms
    },
  }
}

/** Events as they were emitted. */
export function collectedEvents(): SecurityEvents & { readonly all: SecurityEventInput[] } {
  const all: SecurityEventInput[] = []
  return { ...noSecurityEvents, all, emit: (event) => void all.push(event) }
}

/** Access tokens on a clock, with revocations of one process that are listening already. */
export async function accessTokensForTests(
  options: Partial<Omit<AccessTokenOptions, 'clock' | 'keys'>> & { readonly keys?: TokenKeyOptions } = {},
) {
  const clock = movedClock()
  const store = createMemoryRevocationStore()
  const revocations =
    options.revocations ?? createRevocations({ store, bus: inProcessRevocationBus(), clock })
  while (!revocations.alive && options.revocations === undefined) await Promise.resolve()
  const keys = createTokenKeys(options.keys ?? hmacKeys)
  const accessTokens = createAccessTokens({ policy: testPolicy, ...options, keys, revocations, clock })
  return { clock, store, revocations, keys, accessTokens }
}

/** Refresh tokens on a clock, with a store that can be looked into. */
export async function refreshTokensForTests(options: Partial<RefreshTokenOptions> = {}) {
  const clock = movedClock()
  const events = collectedEvents()
  const store = options.store ?? createMemoryRefreshStore()
  const revocations =
    options.revocations ??
    createRevocations({ store: createMemoryRevocationStore(), bus: inProcessRevocationBus(), clock })
  while (!revocations.alive && options.revocations === undefined) await Promise.resolve()
  const told: RefreshReuse[] = []
  const refreshTokens = createRefreshTokens({
    policy: testPolicy,
    store,
    secret: createSecret(secretText, { name: 'REFRESH_SECRET' }),
    revocations,
    clock,
    events,
    onReuse: (reuse) => void told.push(reuse),
    ...options,
  })
  return { clock, events, store, revocations, refreshTokens, told }
}
