// The guard as a service would run it, and the numbers that let the load through while everything is still counted.
import {
  systemClock as clock,
  createGuard,
  createMemoryLimitStore,
  createPseudonyms,
  createSecret,
  createSecurityEvents,
  definePolicy,
  type Guard,
} from '@levqor/guard'
import {
  type AccessTokens,
  createAccessTokens,
  createMemoryRevocationStore,
  createRevocations,
  createTokenKeys,
  type IdentifyByToken,
  identifyByToken,
  inProcessRevocationBus,
} from '@levqor/guard/tokens'

const minute = 60_000
const unreachable = 60_000_000
const byAddress = { name: 'by-address', by: 'address', quota: unreachable, windowMs: minute } as const

const policy = definePolicy({
  doors: {
    unmatched: { authentication: 'none', strangers: [byAddress], onStoreFailure: 'local' },
    notes: {
      authentication: 'session-or-key',
      strangers: [byAddress],
      actors: [
        { name: 'per-account', by: 'account', quota: unreachable, windowMs: minute },
        { name: 'per-session', by: 'session', quota: unreachable - 1, windowMs: minute },
        { name: 'per-workspace', by: 'workspace', quota: unreachable, windowMs: minute },
      ],
      onStoreFailure: 'deny',
    },
  },
  routes: { 'GET /notes': 'notes' },
  unmatched: 'unmatched',
  credentialGuesses: { name: 'guesses', by: 'address', quota: 30, windowMs: minute },
  clientAddress: { trustedProxies: [] },
  browser: { origins: ['https://app.example'] },
  cors: { origins: ['https://app.example'] },
  tokens: { issuer: 'https://app.example', audience: 'https://api.example' },
  transport: { plainHttp: 'allow' },
})

/** Access tokens whose key is `secret`, with a revocation check through memory, as one process runs it. */
export function createTokens(secret: string): AccessTokens {
  const key = createSecret(secret, { name: 'BENCH_SECRET' })
  return createAccessTokens({
    policy: policy.tokens,
    keys: createTokenKeys({ algorithm: 'HS256', current: { kid: 'bench', key } }),
    revocations: createRevocations({ store: createMemoryRevocationStore(), bus: inProcessRevocationBus() }),
  })
}

/** Guard, and who a request comes from. */
export function createFullGuard(secret: string): {
  readonly guard: Guard
  readonly identify: IdentifyByToken
} {
  const key = createSecret(secret, { name: 'BENCH_SECRET' })
  const counts = new Map<string, number>()
  const events = createSecurityEvents({
    sinks: [
      {
        name: 'counters',
        write(batch) {
          for (const { event } of batch) counts.set(event, (counts.get(event) ?? 0) + 1)
        },
      },
    ],
    clock,
    pseudonyms: createPseudonyms({ secret: key, clock }),
  })
  return {
    guard: createGuard({ policy, store: createMemoryLimitStore({ clock }), events, clock }),
    identify: identifyByToken({
      accessTokens: createTokens(secret),
      toActor: ({ sub }) => ({ kind: 'user', id: sub, accountId: sub, workspaceId: 'workspace' }),
    }),
  }
}
