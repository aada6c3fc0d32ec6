// A guard with a clock that stands still, a few doors and its events in a list: for the kernel's own tests.
import { manualClock } from '@levqor/testing'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import type { LimitStore } from '../limits/limit-store.ts'
import { createMemoryLimitStore } from '../limits/memory-limit-store.ts'
import type { DoorRule, Policy } from '../policy/policy.ts'
import type { Protection, ProtectionMode } from '../switches/switches.ts'
import { createGuard, type GuardOptions } from './create-guard.ts'
import type { Actor, IdentifyResult } from './identity.ts'
import type { Exchange } from './passage.ts'

const many = [{ name: 'strangers', by: 'address', quota: 1000, windowMs: 60_000 }] as const
const actors = [{ name: 'per-key', by: 'credential', quota: 1000, windowMs: 60_000 }] as const

export const testDoors = {
  open: { authentication: 'none', strangers: many, onStoreFailure: 'local' },
  page: { authentication: 'none', serves: 'page', strangers: many, onStoreFailure: 'local' },
  probe: {
    authentication: 'none',
    strangers: [],
    unlimited: 'probes',
    transport: 'any',
    onStoreFailure: 'allow',
  },
  session: { authentication: 'session', strangers: many, actors, onStoreFailure: 'local' },
  key: { authentication: 'api-key', strangers: many, actors, onStoreFailure: 'local' },
  both: { authentication: 'session-or-key', strangers: many, actors, onStoreFailure: 'local' },
  strict: { authentication: 'session-or-key', strangers: many, actors, onStoreFailure: 'deny' },
  optional: { authentication: 'optional', strangers: many, actors, onStoreFailure: 'local' },
  link: { authentication: 'link', strangers: many, actors, onStoreFailure: 'local' },
  webhook: { authentication: 'webhook', strangers: many, onStoreFailure: 'local' },
} as const satisfies Record<string, DoorRule>

export const testPolicy: Policy = {
  doors: testDoors,
  unmatched: 'open',
  credentialGuesses: { name: 'guesses', by: 'address', quota: 1000, windowMs: 60_000 },
  clientAddress: { trustedProxies: ['10.0.0.0/8'] },
  browser: { origins: ['https://app.example'] },
  transport: { plainHttp: 'allow' },
}

export const testActors = {
  key: { kind: 'apiKey', id: 'key_1', via: 'key', keyId: 'key_1', workspaceId: 'ws_1' },
  session: { kind: 'user', id: 'usr_1', via: 'session', sessionId: 'ses_1' },
  cookieToken: { kind: 'user', id: 'usr_1', via: 'token', by: 'cookie', sessionId: 'ses_1' },
  bearerToken: { kind: 'user', id: 'usr_1', via: 'token', by: 'header', sessionId: 'ses_1' },
  link: { kind: 'link', id: 'lnk_1', via: 'link' },
} as const satisfies Record<string, Actor>

/** What {@link guardForTests} can be told. */
export interface GuardForTests extends Partial<Omit<GuardOptions, 'policy' | 'store'>> {
  readonly policy?: Partial<Policy>
  readonly store?: LimitStore
  readonly modes?: Partial<Record<Protection, ProtectionMode>>
}

/** Creates the guard and a short way to ask it. */
export function guardForTests({ policy = {}, store, modes = {}, ...options }: GuardForTests = {}) {
  const clock = manualClock()
  const events: SecurityEventInput[] = []
  const guard = createGuard({
    policy: { ...testPolicy, ...policy },
    store: store ?? createMemoryLimitStore({ clock }),
    clock,
    events: { ...noSecurityEvents, emit: (event) => void events.push(event) },
    switches: { mode: (protection) => modes[protection] ?? 'enforce' },
    ...options,
  })
  const open = (door: string, exchange: Partial<Exchange> = {}) =>
    guard.open(guard.door(door) ?? guard.unmatched, {
      method: 'GET',
      url: '/x',
      remoteAddress: '192.0.2.1',
      encrypted: false,
      headers: {},
      ...exchange,
    })
  const ask = async (
    door: string,
    who: Actor | IdentifyResult | Error | undefined,
    exchange?: Partial<Exchange>,
  ) => {
    const passage = open(door, exchange)
    const decision = await guard.pass(passage, () => answer(who), undefined)
    return { ...decision, passage, headers: guard.headersFor(passage) }
  }
  return { guard, clock, events, modes, open, ask, names: () => events.map(({ event }) => event) }
}

function answer(who: Actor | IdentifyResult | Error | undefined): IdentifyResult {
  if (who === undefined) return { outcome: 'missing' }
  if (who instanceof Error) throw who
  return 'outcome' in who ? who : { outcome: 'identified', actor: who }
}
