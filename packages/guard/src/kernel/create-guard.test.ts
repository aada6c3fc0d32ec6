import { describe, expect, it } from 'vitest'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import type { LimitStore } from '../limits/limit-store.ts'
import { createMemoryLimitStore } from '../limits/memory-limit-store.ts'
import type { DoorRule, Policy } from '../policy/policy.ts'
import type { Protection, ProtectionMode } from '../switches/switches.ts'
import { createGuard } from './create-guard.ts'
import type { Actor, IdentifyResult } from './identity.ts'
import type { Exchange } from './passage.ts'

const strangers = [{ name: 'strangers', by: 'address', quota: 3, windowMs: 60_000 }] as const
const actors = [
  { name: 'per-key', by: 'credential', quota: { default: 5, pro: 50 }, windowMs: 60_000 },
  { name: 'per-workspace', by: ['workspace', 'door'], quota: 8, windowMs: 60_000 },
  { name: 'together', by: ['actor', 'account', 'session', 'global'], quota: 1000, windowMs: 60_000 },
] as const
const doors = {
  open: { authentication: 'none', strangers, onStoreFailure: 'local' },
  page: { authentication: 'none', serves: 'page', strangers, onStoreFailure: 'local' },
  health: {
    authentication: 'none',
    strangers: [],
    unlimited: 'probes',
    crossSite: 'accept',
    transport: 'any',
    onStoreFailure: 'allow',
  },
  session: { authentication: 'session', strangers, actors, onStoreFailure: 'deny' },
  key: { authentication: 'api-key', strangers, actors, scopes: ['jobs:write'], onStoreFailure: 'allow' },
  both: { authentication: 'session-or-key', strangers, actors, onStoreFailure: 'local' },
  optional: { authentication: 'optional', strangers, actors, onStoreFailure: 'local' },
} as const satisfies Record<string, DoorRule>

const key: Actor = {
  kind: 'apiKey',
  id: 'key_1',
  via: 'key',
  keyId: 'key_1',
  workspaceId: 'ws_1',
  accountId: 'usr_1',
}
const session: Actor = { kind: 'user', id: 'usr_1', via: 'session', sessionId: 'ses_1', workspaceId: 'ws_1' }
const as = (actor: Actor): IdentifyResult => ({ outcome: 'identified', actor })

interface Setup {
  readonly modes?: Partial<Record<Protection, ProtectionMode>>
  readonly policy?: Partial<Policy>
  readonly store?: LimitStore
}

function setup({ modes = {}, policy = {}, store }: Setup = {}) {
  const clock = { now: () => 1_800_000_000_000 }
  const events: SecurityEventInput[] = []
  const guard = createGuard({
    policy: {
      doors,
      unmatched: 'open',
      credentialGuesses: { name: 'guesses', by: 'address', quota: 2, windowMs: 60_000 },
      clientAddress: { trustedProxies: [] },
      browser: { origins: ['https://levqor.example'] },
      transport: { plainHttp: 'allow' },
      ...policy,
    },
    store: store ?? createMemoryLimitStore({ clock }),
    clock,
    events: { ...noSecurityEvents, emit: (event) => events.push(event) },
    switches: { mode: (protection) => modes[protection] ?? 'enforce' },
  })
  const ask = async (
    door: keyof typeof doors,
    who: IdentifyResult | Promise<IdentifyResult> = { outcome: 'missing' },
    exchange: Partial<Exchange> = {},
  ) => {
    const compiled = guard.door(door)
    if (compiled === undefined) throw new Error(door)
    const facts = { method: 'GET', url: '/x?y=1', remoteAddress: '192.0.2.1', encrypted: false, headers: {} }
    const passage = guard.open(compiled, { ...facts, ...exchange })
    return guard.pass(passage, () => who, undefined)
  }
  const times = async (
    n: number,
    door: keyof typeof doors,
    who?: IdentifyResult,
    exchange?: Partial<Exchange>,
  ) => {
    const reasons: string[] = []
    for (let i = 0; i < n; i++) reasons.push((await ask(door, who, exchange)).reason)
    return reasons
  }
  return { guard, ask, times, events, names: () => events.map((event) => event.event) }
}

describe('limits at a door', () => {
  it('strangers pass up to their limit, then wait', async () => {
    const { times, ask, events } = setup()
    expect(await times(4, 'open')).toEqual(['allowed', 'allowed', 'allowed', 'rate_limited'])
    expect(await ask('open')).toMatchObject({ outcome: 'deny', retryAfterMs: 20_000, clientIp: '192.0.2.1' })
    expect(events[0]).toMatchObject({ event: 'limit.denied', details: { door: 'open', limit: 'strangers' } })
  })

  it('known callers are charged their own limits, not the strangers’', async () => {
    const { times } = setup()
    await times(3, 'open')
    expect(await times(6, 'both', as(key))).toEqual([...Array(5).fill('allowed'), 'rate_limited'])
  })

  it('the plan chooses the quota; an unknown plan gets the default', async () => {
    const { ask } = setup()
    const quota = async (plan: string) =>
      (await ask('both', as({ ...key, id: plan, keyId: plan, plan }))).limits[0]?.limit.quota
    expect([await quota('pro'), await quota('free'), await quota('__proto__')]).toEqual([50, 5, 5])
  })

  it('several limits of a door are charged together or not at all', async () => {
    const { times, ask } = setup()
    await times(5, 'both', as(key))
    await times(3, 'both', as({ ...key, keyId: 'key_2' }))
    // The workspace is used up: the second key keeps what it had.
    expect((await ask('both', as({ ...key, keyId: 'key_2' }))).reason).toBe('rate_limited')
    const elsewhere = await ask('both', as({ ...key, keyId: 'key_2', workspaceId: 'ws_2' }))
    expect(elsewhere.limits[0]?.remaining).toBe(1)
  })

  it('a fact that an actor lacks does not switch its limit off', async () => {
    const { times } = setup()
    const bare: Actor = { kind: 'user', id: 'usr_9', via: 'session' }
    expect((await times(6, 'session', as(bare))).at(-1)).toBe('rate_limited')
  })

  it('a door that needs none has none', async () => {
    const { times, ask } = setup()
    expect(new Set(await times(50, 'health'))).toEqual(new Set(['allowed']))
    expect((await ask('health')).limits).toEqual([])
  })
})

describe('credentials at a door', () => {
  it('a missing one is a 401 and costs a stranger’s request', async () => {
    const { times } = setup()
    expect(await times(4, 'both')).toEqual([...Array(3).fill('credential_missing'), 'rate_limited'])
  })

  it('a wrong one says nothing about why; the event does', async () => {
    const { ask, events } = setup()
    const decision = await ask('both', { outcome: 'invalid', cause: 'revoked' })
    expect(decision).toMatchObject({ outcome: 'deny', reason: 'credential_invalid' })
    expect(JSON.stringify(decision)).not.toContain('revoked')
    expect(events).toMatchObject([{ event: 'auth.failed', details: { cause: 'revoked' } }])
  })

  it('after too many wrong ones the next is not even looked at', async () => {
    const { guard, times } = setup()
    await times(2, 'both', { outcome: 'invalid' })
    const door = guard.door('both')
    const exchange = { method: 'GET', url: '/', remoteAddress: '192.0.2.1', encrypted: false, headers: {} }
    let asked = 0
    const identify = () => {
      asked++
      return as(key)
    }
    const decision = door && (await guard.pass(guard.open(door, exchange), identify, undefined))
    expect([decision?.reason, asked]).toEqual(['rate_limited', 0])
  })

  it('an optional door serves strangers, but not those with a wrong credential', async () => {
    const { ask } = setup()
    expect((await ask('optional')).reason).toBe('allowed')
    expect((await ask('optional', as(session))).actor).toBe(session)
    expect((await ask('optional', { outcome: 'invalid' })).reason).toBe('credential_invalid')
  })

  it('the kind of credential must fit', async () => {
    const { ask } = setup()
    expect((await ask('session', as(key))).reason).toBe('credential_unsuitable')
    expect((await ask('key', as(session))).reason).toBe('credential_unsuitable')
  })

  it('scopes are checked for those who have any', async () => {
    const { ask, names } = setup()
    expect(await ask('key', as({ ...key, scopes: ['jobs:read'] }))).toMatchObject({
      reason: 'scope_missing',
      scopes: ['jobs:write'],
      actor: { id: 'key_1' },
    })
    expect(names()).toEqual(['scope.denied'])
    expect((await ask('key', as({ ...key, scopes: ['jobs:read', 'jobs:write'] }))).reason).toBe('allowed')
    expect((await ask('key', as(key))).reason).toBe('allowed')
  })

  it('an answer that comes later is waited for', async () => {
    const { ask } = setup()
    expect((await ask('both', Promise.resolve(as(key)))).outcome).toBe('allow')
    await expect(ask('both', Promise.reject(new Error('database gone')))).rejects.toThrow('database gone')
  })
})

describe('cross-site requests', () => {
  const cookie = { cookie: 'session=1' }
  const evil = { ...cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  const post = (headers: Exchange['headers']) => ({ method: 'POST', headers })

  it('a foreign page cannot use a cookie, whatever it sends', async () => {
    const { ask, names } = setup()
    for (const door of ['session', 'both', 'optional'] as const) {
      expect((await ask(door, as(session), post(evil))).reason).toBe('origin_denied')
    }
    expect(names()).toEqual(['origin.denied', 'origin.denied', 'origin.denied'])
    expect((await ask('session', as(session), { headers: evil })).reason).toBe('allowed')
  })

  it('a foreign page cannot hide its cookie behind an invented key', async () => {
    const { ask } = setup()
    const headers = { ...evil, authorization: 'Bearer nonsense' }
    expect((await ask('both', as(session), post(headers))).reason).toBe('origin_denied')
  })

  it('keys are exempt: a browser never adds them by itself', async () => {
    const { ask } = setup()
    const headers = { ...evil, authorization: 'Bearer lvk_live_x' }
    expect((await ask('both', as(key), post(headers))).reason).toBe('allowed')
    expect(
      (await ask('key', as(key), post({ 'x-api-key': 'lvk', origin: 'https://evil.example' }))).reason,
    ).toBe('allowed')
  })

  it('without a cookie the answer is to authenticate', async () => {
    const { ask } = setup()
    expect((await ask('both', { outcome: 'missing' }, post({}))).reason).toBe('credential_missing')
  })

  it('a cookie without any sign of its origin follows the policy', async () => {
    const { ask } = setup()
    expect((await ask('session', as(session), post(cookie))).reason).toBe('origin_denied')
    const lenient = setup({ policy: { browser: { origins: [], unknown: 'allow' } } })
    expect((await lenient.ask('session', as(session), post(cookie))).reason).toBe('allowed')
  })

  it('signing in from a foreign page is refused, from a program it is not', async () => {
    const { ask } = setup()
    expect((await ask('open', undefined, post({ origin: 'https://evil.example' }))).reason).toBe(
      'origin_denied',
    )
    expect((await ask('open', undefined, post({}))).reason).toBe('allowed')
    expect((await ask('open', undefined, post({ origin: 'https://levqor.example' }))).reason).toBe('allowed')
    expect((await ask('health', undefined, post(evil))).reason).toBe('allowed')
  })
})

describe('plain HTTP where HTTPS is required', () => {
  const policy = {
    transport: { plainHttp: 'require-https', publicOrigin: 'https://levqor.example' },
  } as const

  it('API doors refuse, pages move, probes answer', async () => {
    const { ask, names } = setup({ policy })
    expect((await ask('open')).reason).toBe('https_required')
    expect(await ask('page')).toMatchObject({
      reason: 'https_redirect',
      location: 'https://levqor.example/x?y=1',
    })
    expect((await ask('page', undefined, { method: 'POST' })).reason).toBe('https_required')
    expect((await ask('health')).reason).toBe('allowed')
    expect((await ask('open', undefined, { encrypted: true })).reason).toBe('allowed')
    expect(names()).toEqual(['transport.refused', 'transport.refused'])
  })

  it('a redirect never leaves the public origin', async () => {
    const { ask } = setup({ policy })
    const location = async (url: string) => (await ask('page', undefined, { url })).location
    expect(await location('//evil.example/')).toBe('https://levqor.example//evil.example/')
    expect(await location('http://evil.example/')).toBe('https://levqor.example/')
  })
})

describe('kill switches', () => {
  const evil = { method: 'POST', headers: { cookie: 'a=b', origin: 'https://evil.example' } }

  it('limits: observed ones are recorded and pass, switched off ones are not asked', async () => {
    const observed = setup({ modes: { limits: 'observe' } })
    expect(await observed.times(4, 'open')).toEqual(['allowed', 'allowed', 'allowed', 'rate_limited'])
    expect((await observed.ask('open')).outcome).toBe('degrade')
    expect(observed.names()).toEqual(['protection.lowered', 'limit.denied', 'limit.denied'])
    const off = setup({ modes: { limits: 'off' } })
    expect(new Set(await off.times(9, 'both', as(key)))).toEqual(new Set(['allowed']))
    expect(off.names()).toEqual(['protection.lowered'])
  })

  it('origin: observed and off', async () => {
    const observed = setup({ modes: { origin: 'observe' } })
    expect(await observed.ask('session', as(session), evil)).toMatchObject({
      outcome: 'degrade',
      reason: 'origin_denied',
    })
    const off = setup({ modes: { origin: 'off' } })
    expect((await off.ask('session', as(session), evil)).reason).toBe('allowed')
    expect(off.names()).toEqual(['protection.lowered'])
  })

  it('transport: off', async () => {
    const policy = {
      transport: { plainHttp: 'require-https', publicOrigin: 'https://levqor.example' },
    } as const
    const off = setup({ policy, modes: { transport: 'off' } })
    expect((await off.ask('open')).reason).toBe('allowed')
  })

  it('headers: off sends none', () => {
    const { guard } = setup({ modes: { headers: 'off' } })
    const facts = { method: 'GET', url: '/', remoteAddress: undefined, encrypted: true, headers: {} }
    expect(guard.headersFor(guard.open(guard.unmatched, facts))).toEqual({})
  })
})

describe('when the limit store fails', () => {
  const store = {
    take: () => Promise.reject(new Error('gone')),
    peek: () => Promise.reject(new Error('gone')),
  }

  it('each door does what it declared', async () => {
    const { ask, times } = setup({ store })
    expect(await ask('session', as(session))).toMatchObject({ outcome: 'deny', reason: 'limits_unavailable' })
    expect(await ask('key', as(key))).toMatchObject({ outcome: 'degrade', reason: 'limits_unavailable' })
    expect(await times(4, 'open')).toEqual([...Array(3).fill('limits_unavailable'), 'rate_limited'])
  })
})

describe('a guard', () => {
  it('admits at doors that ask nobody', async () => {
    const { guard } = setup()
    const facts = { method: 'GET', url: '/', remoteAddress: '192.0.2.1', encrypted: false, headers: {} }
    expect((await guard.admit('open', facts)).outcome).toBe('allow')
    expect(() => guard.admit('nowhere', facts)).toThrow('no door "nowhere"')
  })

  it('makes a nonce for pages only', () => {
    const { guard } = setup()
    const facts = { method: 'GET', url: '/', remoteAddress: '192.0.2.1', encrypted: false, headers: {} }
    const nonce = (name: string) => guard.open(guard.door(name) ?? guard.unmatched, facts).nonce
    expect(nonce('open')).toBeUndefined()
    expect(nonce('page')).toMatch(/^[\w+/]{22}==$/)
  })

  it('without a lockout says so when a secret is to be wrapped in it', async () => {
    const { guard } = setup()
    const attempt = guard.attempt({ account: 'a', address: '192.0.2.1' }, async () => 1)
    await expect(attempt).rejects.toMatchObject({ code: 'lockout_missing' })
  })

  it('does not start with a bad policy', () => {
    expect(() => setup({ policy: { unmatched: 'nowhere' } })).toThrow(/unmatched_door/)
  })
})
