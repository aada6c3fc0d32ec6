import { describe, expect, it } from 'vitest'
import { levqorLockout } from '../presets/lockout.ts'
import { ada, setupLockout, turn } from './test-lockout.ts'

const laptop = { ...ada, knownDevice: 'laptop' }

describe('whoever wants to lock an owner out', () => {
  it('cannot lock a known device, by any number of failures from anywhere', async () => {
    const { attempt } = setupLockout()
    for (let i = 0; i < 300; i++) await attempt({ ...ada, address: `203.0.113.${i % 250}` })
    for (let i = 0; i < 100; i++) await attempt(ada)
    expect((await attempt(laptop, 'ada')).outcome).toBe('succeeded')
  })

  it('cannot do so from the owner’s own address either', async () => {
    const { attempt } = setupLockout()
    for (let i = 0; i < 50; i++) await attempt({ account: `user-${i}`, address: ada.address })
    expect((await attempt({ account: 'somebody', address: ada.address }, 'x')).outcome).toBe('refused')
    expect((await attempt(laptop, 'ada')).outcome).toBe('succeeded')
  })

  it('cannot make a known device wait by keeping every place taken', async () => {
    const { attempt } = setupLockout()
    const hold = Promise.withResolvers<void>()
    const slow = Array.from({ length: 40 }, () => attempt(ada, undefined, () => hold.promise))
    await turn()
    expect((await attempt(laptop, 'ada')).outcome).toBe('succeeded')
    hold.resolve()
    await Promise.all(slow)
  })

  it('cannot lock everybody out by spraying: a new device still has its tries', async () => {
    const { attempt, events } = setupLockout()
    for (let i = 0; i < 400; i++) await attempt({ account: `user-${i}`, address: `203.0.113.${i}` })
    expect(events()).toContain('auth.spray_suspected')
    expect((await attempt({ account: 'mia@example.test', address: '198.51.100.4' })).outcome).toBe('failed')
    expect((await attempt({ account: 'mia@example.test', address: '198.51.100.4' }, 'mia')).outcome).toBe(
      'succeeded',
    )
  })
})

describe('whoever guesses', () => {
  it('gets no fresh tries from the owner’s sign-ins on a known device', async () => {
    const { attempt, checks } = setupLockout()
    let owners = 0
    for (let i = 0; i < 100; i++) {
      await attempt({ ...ada, address: `203.0.113.${i}` })
      if (i % 3 === 0) {
        owners++
        expect((await attempt(laptop, 'ada')).outcome).toBe('succeeded')
      }
    }
    expect(checks() - owners).toBe(5)
  })

  it('gets no fresh tries for an address by signing in to an account of their own in between', async () => {
    const { attempt } = setupLockout()
    const address = '203.0.113.9'
    let looked = 0
    for (let i = 0; i < 100; i++) {
      const { outcome } = await attempt({ account: `victim-${i}`, address })
      if (outcome === 'failed') looked++
      await attempt({ account: 'own', address }, 'own')
    }
    expect(looked).toBe(levqorLockout.address.failures)
  })

  it('gets no fresh tries from other spellings of address and account that join to the same text', async () => {
    const { attempt, lockout } = setupLockout()
    await attempt({ account: 'a', address: 'b,c' })
    await attempt({ account: 'a,b', address: 'c' })
    const kinds = (await lockout.list()).map(({ counter }) => counter)
    expect(kinds.filter((kind) => kind === 'account-address')).toHaveLength(2)
  })

  it('with a stolen device cookie gets the device’s allowance only', async () => {
    const { attempt, checks } = setupLockout()
    for (let i = 0; i < 50; i++) await attempt(laptop)
    expect(checks()).toBe(5)
    expect((await attempt(ada, 'ada')).outcome).toBe('succeeded')
  })

  it('a check that outlives its place cannot slip past a lock that began meanwhile', async () => {
    const { attempt, fail, clock } = setupLockout()
    const hold = Promise.withResolvers<void>()
    const slow = attempt(ada, 'guessed right', () => hold.promise)
    await turn()
    clock.advance(10_000)
    await fail(ada, 5)
    hold.resolve()
    expect(await slow).toMatchObject({ outcome: 'refused', decision: { reason: 'locked' } })
    expect((await attempt(ada, 'ada')).outcome).toBe('refused')
  })

  it('during a suspected spray an address has fewer tries', async () => {
    const { attempt, checks } = setupLockout()
    const guess = async (times: number, address: string) => {
      const before = checks()
      for (let i = 0; i < times; i++) await attempt({ account: `${address}-${i}`, address })
      return checks() - before
    }
    expect(await guess(50, '198.51.100.1')).toBe(20)
    for (let i = 0; i < 280; i++) await attempt({ account: `user-${i}`, address: `203.0.113.${i}` })
    expect(await guess(50, '198.51.100.2')).toBe(3)
  })

  it('what failed before a spray was suspected counts by the stricter rule as well', async () => {
    const { attempt, checks, events } = setupLockout()
    const address = '198.51.100.3'
    for (let i = 0; i < 4; i++) await attempt({ account: `early-${i}`, address })
    for (let i = 0; i < 296; i++) await attempt({ account: `user-${i}`, address: `203.0.113.${i}` })
    expect(events()).toContain('auth.spray_suspected')
    const before = checks()
    expect((await attempt({ account: 'late', address }, 'late')).outcome).toBe('refused')
    expect(checks()).toBe(before)
  })

  it('names without end cost a bounded amount of work and memory', async () => {
    const { attempt, store } = setupLockout()
    const endless = 'x'.repeat(1_000_000)
    const start = performance.now()
    await attempt({ account: endless, address: '192.0.2.9' })
    expect(performance.now() - start).toBeLessThan(250)
    await attempt({ account: `${endless}y`, address: '192.0.2.9' })
    const accounts = (await store.list({ counter: 'account' })).length
    expect(accounts).toBe(2)
  })

  it('odd names are names', async () => {
    const { attempt } = setupLockout()
    for (const account of ['', '\0', '\ud800', '__proto__', 'constructor', '{"a":1}', 'ä', 'a\u0308']) {
      expect((await attempt({ account, address: account })).outcome).toBe('failed')
    }
  })
})

describe('a store that fails', () => {
  const broken = { change: () => Promise.reject(new Error('gone')), list: async () => [] }

  it('refuses the attempt before the secret is looked at; one event per change', async () => {
    const { attempt, checks, told } = setupLockout({ wrap: () => broken })
    for (let i = 0; i < 3; i++) {
      expect(await attempt(ada, 'ada')).toMatchObject({
        outcome: 'refused',
        decision: { outcome: 'deny', reason: 'limits_unavailable', retryAfterMs: 1000 },
      })
    }
    expect(checks()).toBe(0)
    expect(told.filter(({ event }) => event === 'lockout.store_failed')).toHaveLength(1)
    expect(told.filter(({ details }) => details?.cause === 'unavailable')).toHaveLength(3)
  })

  it('one that hangs does the same, within its patience, however many wait', async () => {
    const { attempt, checks } = setupLockout({
      storePatienceMs: 30,
      wrap: (store) => ({ ...store, change: () => new Promise<never>(() => {}) }),
    })
    const start = performance.now()
    const results = await Promise.all(Array.from({ length: 50 }, () => attempt(ada, 'ada')))
    expect(results.every(({ outcome }) => outcome === 'refused')).toBe(true)
    expect(performance.now() - start).toBeLessThan(1000)
    expect(checks()).toBe(0)
  })

  it('one that fails between check and settlement tells nothing about the secret', async () => {
    let calls = 0
    const setup = setupLockout({
      wrap: (store) => ({
        ...store,
        change: (ids, step) =>
          calls++ % 2 === 0 ? store.change(ids, step) : Promise.reject(new Error('gone')),
      }),
    })
    const right = await setup.attempt(ada, 'ada')
    const wrong = await setup.attempt(ada)
    expect(right).toEqual(wrong)
    expect(right).toMatchObject({ outcome: 'refused', decision: { reason: 'limits_unavailable' } })
    expect(setup.events().filter((event) => event.startsWith('auth.') && event !== 'auth.refused')).toEqual(
      [],
    )
  })

  it('while it cannot settle, no more are checked than places expire', async () => {
    let settling = false
    const setup = setupLockout({
      policy: { waitMs: 30 },
      wrap: (store) => ({
        ...store,
        change: (ids, step) => (settling ? Promise.reject(new Error('gone')) : store.change(ids, step)),
      }),
    })
    const guess = () =>
      setup.attempt(ada, undefined, async () => {
        settling = true
      })
    for (let i = 0; i < 10; i++) {
      settling = false
      await guess()
    }
    expect(setup.checks()).toBe(5)
  })

  it('an error of the check is thrown on even when its place cannot be given back', async () => {
    let calls = 0
    const { lockout } = setupLockout({
      wrap: (store) => ({
        ...store,
        change: (ids, step) => (calls++ === 0 ? store.change(ids, step) : Promise.reject(new Error('gone'))),
      }),
    })
    const failed = lockout.attempt(ada, () => Promise.reject(new Error('mail server gone')))
    await expect(failed).rejects.toThrow('mail server gone')
  })
})
