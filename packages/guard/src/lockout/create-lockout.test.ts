import { describe, expect, it } from 'vitest'
import { decisionReasons } from '../decision/reasons.ts'
import { levqorLockout } from '../presets/lockout.ts'
import { ada, setupLockout, turn } from './test-lockout.ts'

const locked = (retryAfterMs: number) => ({
  outcome: 'refused',
  decision: { reason: 'locked', retryAfterMs },
})
const { windowMs, lockMs, maxLockMs } = levqorLockout.account

describe('an attempt', () => {
  it('with the right secret gives what the check returned', async () => {
    const { attempt, events, store } = setupLockout()
    expect(await attempt(ada, 'ada')).toEqual({ outcome: 'succeeded', value: 'ada' })
    expect([events(), store.size]).toEqual([['auth.secret_accepted'], 0])
  })

  it('with a wrong one fails without saying why', async () => {
    const { attempt } = setupLockout()
    expect(await attempt(ada)).toEqual({
      outcome: 'failed',
      decision: { outcome: 'deny', reason: 'invalid_credentials', limits: [], clientIp: '192.0.2.1' },
    })
  })

  it('the fifth failure within the window locks, the fourth does not', async () => {
    const { attempt, fail } = setupLockout()
    await fail(ada, 4)
    expect((await attempt(ada, 'ada')).outcome).toBe('succeeded')
    await fail(ada, 5)
    expect(await attempt(ada, 'ada')).toMatchObject(locked(lockMs))
  })

  it('failures that the window has left behind do not count, to the millisecond', async () => {
    const { attempt, fail, clock } = setupLockout()
    await fail(ada, 4)
    clock.advance(windowMs)
    await fail(ada, 4)
    clock.advance(windowMs - 1)
    await fail(ada, 1)
    expect((await attempt(ada)).outcome).toBe('refused')
  })

  it('a locked one is not looked at', async () => {
    const { attempt, fail, checks } = setupLockout()
    await fail(ada, 5)
    await attempt(ada, 'ada')
    expect(checks()).toBe(5)
  })

  it('a lock ends by itself, to the millisecond; the next is longer, up to the longest', async () => {
    const { attempt, fail, clock } = setupLockout()
    await fail(ada, 5)
    clock.advance(lockMs - 1)
    expect(await attempt(ada, 'ada')).toMatchObject(locked(1))
    clock.advance(1)
    for (const length of [maxLockMs, maxLockMs]) {
      await fail(ada, 5)
      expect(await attempt(ada, 'ada')).toMatchObject(locked(length))
      clock.advance(length)
    }
    expect((await attempt(ada, 'ada')).outcome).toBe('succeeded')
  })

  it('success resets failures and level', async () => {
    const { attempt, fail, clock } = setupLockout()
    await fail(ada, 5)
    clock.advance(lockMs)
    await attempt(ada, 'ada')
    await fail(ada, 5)
    expect(await attempt(ada, 'ada')).toMatchObject(locked(lockMs))
  })

  it('an error of the check is thrown on, and nothing is counted', async () => {
    const { lockout, attempt, store, events } = setupLockout()
    for (let i = 0; i < 20; i++) {
      const broken = lockout.attempt(ada, () => Promise.reject(new Error('database gone')))
      await expect(broken).rejects.toThrow('database gone')
    }
    const throwing = lockout.attempt(ada, () => {
      throw new Error('not even a promise')
    })
    await expect(throwing).rejects.toThrow('not even')
    expect([store.size, events()]).toEqual([0, []])
    expect((await attempt(ada, 'ada')).outcome).toBe('succeeded')
  })

  it('an unknown account does the same work, is counted the same and is told the same', async () => {
    const known = setupLockout()
    const unknown = setupLockout()
    for (const [setup, account] of [
      [known, 'ada@example.test'],
      [unknown, 'nobody@example.test'],
    ] as const) {
      await setup.fail({ ...ada, account }, 5)
    }
    const shape = async (setup: typeof known, account: string) => ({
      answer: await setup.attempt({ ...ada, account }),
      checks: setup.checks(),
      events: setup.events(),
      rows: (await setup.lockout.list()).map(({ id: _, ...row }) => JSON.stringify(row)).sort(),
    })
    expect(await shape(unknown, 'nobody@example.test')).toEqual(await shape(known, 'ada@example.test'))
  })

  it('every answer has a text that fits known and unknown accounts', () => {
    for (const reason of ['locked', 'invalid_credentials', 'limits_unavailable'] as const) {
      const { title, help } = decisionReasons[reason]
      expect(`${title} ${help}`).not.toMatch(/exist|unknown account|no account|not found|store|database/i)
    }
  })
})

describe('attempts at the same time', () => {
  /** Checks that end when told. */
  function gate() {
    const open = Promise.withResolvers<void>()
    return { wait: () => open.promise, open: () => open.resolve() }
  }

  it('at most as many as failures are left are under way', async () => {
    const { attempt, fail, checks } = setupLockout()
    await fail(ada, 2)
    const { wait, open } = gate()
    const all = Array.from({ length: 10 }, () => attempt(ada, 'ada', wait))
    await turn()
    expect(checks() - 2).toBe(3)
    open()
    expect((await Promise.all(all)).every(({ outcome }) => outcome === 'succeeded')).toBe(true)
  })

  it('one that finds no place for too long is refused, and told when to come back', async () => {
    const { attempt, checks, told } = setupLockout({ policy: { waitMs: 50 } })
    const { wait, open } = gate()
    const slow = Array.from({ length: 5 }, () => attempt(ada, 'ada', wait))
    await turn()
    expect(await attempt(ada, 'ada')).toMatchObject(locked(10_000))
    expect(checks()).toBe(5)
    expect(told.at(-1)).toMatchObject({ event: 'auth.refused', details: { cause: 'busy' } })
    open()
    await Promise.all(slow)
  })

  it('a place whose check takes too long is given away', async () => {
    const { attempt, clock } = setupLockout()
    const { wait, open } = gate()
    const slow = Array.from({ length: 5 }, () => attempt(ada, 'ada', wait))
    await turn()
    clock.advance(10_000)
    expect((await attempt(ada, 'ada')).outcome).toBe('succeeded')
    open()
    await Promise.all(slow)
  })

  it('a failure that comes after its place was given away counts all the same', async () => {
    const { attempt, fail, clock } = setupLockout()
    const { wait, open } = gate()
    const slow = attempt(ada, undefined, wait)
    await turn()
    clock.advance(10_000)
    await fail(ada, 4)
    open()
    await slow
    expect((await attempt(ada, 'ada')).outcome).toBe('refused')
  })
})

describe('unlocking', () => {
  it('by an operator, who names a row, frees that counter and says who did it', async () => {
    const { lockout, attempt, fail, told } = setupLockout()
    await fail(ada, 5)
    const rows = await lockout.list({ lockedOnly: true })
    expect(rows.map(({ counter }) => counter).sort()).toEqual(['account', 'account-address'])
    for (const { id, counter } of rows) {
      expect(await lockout.unlock({ id, operatorId: 'usr_7', requestId: 'req-1' })).toEqual([counter])
      expect(await lockout.unlock({ id, operatorId: 'usr_7' })).toEqual([])
    }
    expect(told.filter(({ event }) => event === 'auth.unlocked')).toMatchObject(
      rows.map(({ id, counter }) => ({
        actorId: 'usr_7',
        requestId: 'req-1',
        details: { lockout: id, counter, cause: 'operator' },
      })),
    )
    expect((await attempt(ada, 'ada')).outcome).toBe('succeeded')
    expect(await lockout.unlock({ id: 'no such row', operatorId: 'usr_7' })).toEqual([])
  })

  it('by a mailed link frees the account, and the guesser’s address stays locked', async () => {
    const { lockout, attempt, fail, told } = setupLockout()
    const guesser = { ...ada, address: '203.0.113.9' }
    await fail(guesser, 5)
    expect((await attempt(ada, 'ada')).outcome).toBe('refused')
    expect(await lockout.unlock({ account: ada.account, requestId: 'req-2' })).toEqual(['account'])
    expect(told.at(-1)).toMatchObject({
      event: 'auth.unlocked',
      requestId: 'req-2',
      details: { cause: 'owner', counter: 'account' },
    })
    expect((await attempt(guesser, 'ada')).outcome).toBe('refused')
    expect((await attempt(ada, 'ada')).outcome).toBe('succeeded')
  })

  it('by a mailed link frees the owner’s own address and device too, when given', async () => {
    const { lockout, attempt, fail } = setupLockout()
    const laptop = { ...ada, knownDevice: 'laptop' }
    await fail(ada, 5)
    await fail(laptop, 5)
    expect(await lockout.unlock(laptop)).toEqual(['account', 'account-address', 'device'])
    expect((await attempt(ada, 'ada')).outcome).toBe('succeeded')
    expect((await attempt(laptop, 'ada')).outcome).toBe('succeeded')
    expect(await lockout.unlock({ account: 'nobody@example.test' })).toEqual([])
  })
})

describe('events of a lockout', () => {
  it('tell each lock and its end once', async () => {
    const { attempt, fail, clock, told } = setupLockout()
    await Promise.all(Array.from({ length: 30 }, () => attempt(ada)))
    await fail(ada, 10)
    clock.advance(lockMs)
    await fail(ada, 2)
    const changes = told.filter(({ event }) => event === 'auth.locked' || event === 'auth.unlocked')
    expect(changes.map(({ event, details }) => [event, details?.counter, details?.cause])).toEqual([
      ['auth.locked', 'account', undefined],
      ['auth.locked', 'account-address', undefined],
      ['auth.unlocked', 'account', 'time'],
      ['auth.unlocked', 'account-address', 'time'],
    ])
    expect(changes[0]?.details).toMatchObject({ lockMs, level: 1 })
  })

  it('name the row that an operator can unlock', async () => {
    const { lockout, fail, told } = setupLockout()
    await fail(ada, 5)
    const ids = (await lockout.list({ lockedOnly: true })).map(({ id }) => id).sort()
    const named = told.filter(({ event }) => event === 'auth.locked').map(({ details }) => details?.lockout)
    expect(named.sort()).toEqual(ids)
  })

  it('hold neither account nor device, and the address only where it becomes a pseudonym', async () => {
    const { attempt, fail, told } = setupLockout({ networkOf: () => 64_500 })
    await attempt({ ...ada, knownDevice: 'laptop-of-ada', requestId: 'req-1' }, 'ada')
    await fail(ada, 6)
    for (const { address, ...rest } of told) {
      expect(address).toBe('192.0.2.1')
      expect(JSON.stringify(rest)).not.toMatch(/ada|192\.0\.2/)
    }
    expect(told[0]).toMatchObject({
      event: 'auth.secret_accepted',
      requestId: 'req-1',
      details: {
        account: expect.stringMatching(/^account_\d+_[\w-]{16}$/),
        knownDevice: true,
        network: 'AS64500',
      },
    })
  })

  it('a spray is suspected once, however it goes on', async () => {
    const { fail, told, clock } = setupLockout({
      policy: { global: { ...levqorLockout.global, failures: 30 } },
    })
    const spray = async (from: number, to: number) => {
      for (let i = from; i < to; i++) await fail({ account: `user-${i}`, address: `203.0.113.${i}` }, 1)
    }
    const suspected = () => told.filter(({ event }) => event === 'auth.spray_suspected').length
    await spray(0, 29)
    expect(suspected()).toBe(0)
    await spray(29, 100)
    expect(suspected()).toBe(1)
    clock.advance(lockMs)
    await spray(100, 130)
    expect(suspected()).toBe(2)
    expect(told.some(({ event }) => event === 'auth.locked' || event === 'auth.unlocked')).toBe(false)
  })
})

describe('a lockout', () => {
  it('with a wrong policy is refused with every problem at once', () => {
    const wrong = () => setupLockout({ policy: { waitMs: -1, reservationMs: 0 } })
    expect(wrong).toThrow(
      expect.objectContaining({
        code: 'bad_lockout_policy',
        details: [
          expect.objectContaining({ code: 'lockout_reservation' }),
          expect.objectContaining({ code: 'lockout_wait' }),
        ],
      }),
    )
  })
})
