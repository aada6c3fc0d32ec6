import { describe, expect, it } from 'vitest'
import type { SecurityEvent, SecurityEventInput, SecurityEventName } from '../events/catalogue.ts'
import { createSecurityEvents, type SecurityEvents } from '../events/event-pipeline.ts'
import { createPseudonyms } from '../events/pseudonyms.ts'
import { createLockout } from '../lockout/create-lockout.ts'
import { createMemoryLockoutStore } from '../lockout/memory-lockout-store.ts'
import { levqorAnomalies } from '../presets/abuse.ts'
import { levqorLockout } from '../presets/lockout.ts'
import type { ProtectionMode } from '../switches/switches.ts'
import type { AnomalyRule } from './abuse-policy.ts'
import { createAnomalyWatch } from './anomaly-watch.ts'
import { abuseParts, networkOf } from './test-abuse.ts'

const minute = 60_000

function setup(
  rules: readonly AnomalyRule[] = levqorAnomalies,
  maxSubjects?: number,
  mode: ProtectionMode = 'enforce',
) {
  const hints: SecurityEventInput[] = []
  const watch = createAnomalyWatch({
    rules,
    emit: (event) => hints.push(event),
    switches: { mode: () => mode },
    ...(maxSubjects === undefined ? {} : { maxSubjects }),
  })
  let time = 1_800_000_000_000
  const see = (event: SecurityEventName, facts: Partial<SecurityEvent> = {}) =>
    watch.write([{ time, event, severity: 'notice', ...facts }])
  const advance = (ms: number) => {
    time += ms
  }
  return { watch, hints, see, advance, named: () => hints.map(({ details }) => details?.rule) }
}

describe('a hint is given for', () => {
  it('a run of 401 from one address, at its threshold, once per window', () => {
    const { see, hints, advance, named } = setup()
    const one = (i: number) => see(i % 2 === 0 ? 'auth.failed' : 'token.invalid', { address: 'address_1' })
    for (let i = 0; i < 29; i++) one(i)
    expect(hints).toEqual([])
    for (let i = 0; i < 100; i++) one(i)
    expect(hints).toEqual([
      {
        event: 'anomaly.suspected',
        details: { rule: 'run-of-401', by: 'address', subject: 'address_1', count: 30, windowMs: 5 * minute },
      },
    ])
    advance(5 * minute - 1)
    one(0)
    expect(hints).toHaveLength(1)
    advance(1)
    for (let i = 0; i < 30; i++) one(i)
    expect(named()).toEqual(['run-of-401', 'run-of-401'])
  })

  it('one address against many accounts, counting each account once', () => {
    const { see, named } = setup()
    const fail = (account: string) => see('auth.failed', { address: 'address_1', details: { account } })
    for (let i = 0; i < 20; i++) fail('account_1')
    for (let i = 2; i <= 9; i++) fail(`account_${i}`)
    expect(named()).toEqual([])
    fail('account_10')
    expect(named()).toEqual(['one-address-many-accounts'])
  })

  it('one account from many networks; where none is known, from many addresses', () => {
    const { see, named } = setup()
    for (let i = 0; i < 5; i++) {
      see('auth.secret_accepted', {
        address: `address_${i}`,
        details: { account: 'account_1', network: 'AS1' },
      })
    }
    expect(named()).toEqual([])
    for (let i = 2; i <= 5; i++)
      see('auth.failed', { address: 'x', details: { account: 'account_1', network: `AS${i}` } })
    expect(named()).toEqual(['one-account-many-networks'])
    for (let i = 0; i < 5; i++)
      see('auth.secret_accepted', { address: `address_${i}`, details: { account: 'account_2' } })
    expect(named()).toEqual(['one-account-many-networks', 'one-account-many-networks'])
  })

  it('token reuse, at once, naming the actor', () => {
    const { see, hints } = setup()
    see('token.reuse_detected', { actorId: 'usr_1' })
    see('token.reuse_detected', { actorId: 'usr_1' })
    expect(hints).toMatchObject([{ actorId: 'usr_1', details: { rule: 'token-reuse', count: 1 } }])
  })

  it('a burst at the limiter', () => {
    const { see, named } = setup()
    for (let i = 0; i < 99; i++) see('limit.denied', { address: 'address_1' })
    expect(named()).toEqual([])
    see('socket.flood', { address: 'address_1' })
    expect(named()).toEqual(['limiter-burst'])
  })
})

describe('no hint is given', () => {
  it('when the events are spread over subjects or over time', () => {
    const { see, hints, advance } = setup()
    for (let i = 0; i < 1000; i++) {
      see('auth.failed', { address: `address_${i}`, details: { account: `account_${i}` } })
    }
    for (let i = 0; i < 200; i++) {
      see('auth.failed', { address: 'address_slow', details: { account: 'account_1' } })
      advance(minute)
    }
    expect(hints).toEqual([])
  })

  it('for events that do not say whose they are', () => {
    const { see, hints, watch } = setup()
    for (let i = 0; i < 500; i++) {
      see('auth.failed')
      see('auth.failed', { details: { account: 7, network: true } })
      see('token.reuse_detected')
    }
    expect([hints, watch.subjects]).toEqual([[], 0])
  })

  it('when switched off', () => {
    const { see, hints } = setup(levqorAnomalies, undefined, 'off')
    for (let i = 0; i < 200; i++) see('limit.denied', { address: 'address_1' })
    expect(hints).toEqual([])
  })
})

describe('memory', () => {
  const rule: AnomalyRule = {
    name: 'r',
    events: ['limit.denied'],
    by: 'address',
    threshold: 3,
    windowMs: 1000,
  }

  it('stays within its bound under a flood, and what is forgotten first is what ends next', () => {
    const { see, watch, hints } = setup([rule], 100)
    for (let i = 0; i < 100_000; i++) see('limit.denied', { address: `address_${i}` })
    expect(watch.subjects).toBe(100)
    for (let i = 0; i < 2; i++) see('limit.denied', { address: 'address_99999' })
    expect(hints).toHaveLength(1)
  })

  it('windows that have ended make room', () => {
    const { see, watch, advance } = setup([rule], 100)
    for (let i = 0; i < 50; i++) see('limit.denied', { address: `address_${i}` })
    advance(1000)
    see('limit.denied', { address: 'newcomer' })
    expect(watch.subjects).toBe(1)
  })

  it('a subject whose window is renewed is not taken for the oldest', () => {
    const { see, watch, advance, hints } = setup([rule], 2)
    see('limit.denied', { address: 'a' })
    advance(500)
    see('limit.denied', { address: 'b' })
    advance(500)
    see('limit.denied', { address: 'a' })
    see('limit.denied', { address: 'c' })
    for (let i = 0; i < 2; i++) see('limit.denied', { address: 'a' })
    expect(hints).toHaveLength(1)
    expect(watch.subjects).toBe(2)
  })
})

describe('in the pipeline', () => {
  it('the lockout’s own events lead to hints that hold pseudonyms only', async () => {
    const { clock, secret } = abuseParts()
    const written: SecurityEvent[] = []
    const pseudonyms = createPseudonyms({ secret, clock })
    const sink = { name: 'test', write: (events: readonly SecurityEvent[]) => void written.push(...events) }
    const anomalies = createAnomalyWatch({ rules: levqorAnomalies, emit: (event) => events.emit(event) })
    const events: SecurityEvents = createSecurityEvents({ sinks: [sink, anomalies], clock, pseudonyms })
    const store = createMemoryLockoutStore({ clock })
    const lockout = createLockout({
      policy: levqorLockout,
      store,
      secret,
      events,
      pseudonyms,
      clock,
      networkOf,
    })
    for (let i = 0; i < 12; i++) {
      await lockout.attempt(
        { account: `victim-${i}@example.test`, address: '10.1.0.7' },
        async () => undefined,
      )
    }
    for (let i = 0; i < 6; i++) {
      await lockout.attempt({ account: 'shared@example.test', address: `10.${i}.0.1` }, async () => 'ok')
    }
    await events.flush(1000)
    await events.flush(1000)
    const hints = written.filter(({ event }) => event === 'anomaly.suspected')
    expect(hints.map(({ details }) => details?.rule)).toEqual([
      'one-address-many-accounts',
      'one-account-many-networks',
    ])
    expect(hints[0]?.details?.subject).toBe(written[0]?.address)
    expect(JSON.stringify(written)).not.toMatch(/10\.\d+\.0|victim|shared/)
  })

  it('events that were merged into one count as many as they were', () => {
    const { see, named } = setup()
    for (let i = 0; i < 3; i++) see('limit.denied', { address: 'address_1' })
    see('limit.denied', { address: 'address_1', details: { merged: 96 } })
    expect(named()).toEqual([])
    see('limit.denied', { address: 'address_1', details: { merged: 1 } })
    expect(named()).toEqual(['limiter-burst'])
  })

  it('wrong rules are refused with every problem at once', () => {
    const bad = { name: '', events: [], by: 'address', threshold: 0, windowMs: 0 } as const
    expect(() => setup([bad])).toThrow(
      expect.objectContaining({ code: 'bad_abuse_policy', details: expect.arrayContaining([]) }),
    )
  })
})
