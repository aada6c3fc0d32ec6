import { describe, expect, it } from 'vitest'
import { type GuardForTests, guardForTests, testActors, testPolicy } from '../kernel/guard-for-tests.ts'
import type { Exchange } from '../kernel/passage.ts'
import type { LimitCharge, LimitStore } from '../limits/limit-store.ts'
import type { PenaltyPolicy } from './penalty-policy.ts'

const minute = 60_000
const penalties: PenaltyPolicy = {
  levels: [
    { strikes: 2, windowMs: minute, lastsMs: 5 * minute, cost: 2 },
    { strikes: 2, windowMs: minute, lastsMs: 10 * minute, cost: 4, demand: 'challenge' },
    { strikes: 2, windowMs: minute, lastsMs: 20 * minute, demand: 'block' },
  ],
}
const slow = { strikes: 2, windowMs: minute, lastsMs: 5 * minute, cost: 2 }
const wrong = { outcome: 'invalid', cause: 'unknown' } as const

interface Setup extends GuardForTests {
  readonly penalties?: PenaltyPolicy
}

function setup({ penalties: chosen = penalties, policy, ...options }: Setup = {}) {
  const parts = guardForTests({ ...options, policy: { penalties: chosen, ...policy } })
  /** One refused credential after the other, a second apart, so that each counts. */
  const strike = async (times: number, exchange: Partial<Exchange> = {}) => {
    for (let i = 0; i < times; i++) {
      parts.clock.advance(100)
      await parts.ask('key', wrong, exchange)
    }
  }
  const levels = () => parts.guard.penalties.list().map(({ level }) => level)
  return { ...parts, strike, levels }
}

describe('an address that goes on being refused', () => {
  it('climbs level by level, each told once, and is blocked in the end', async () => {
    const { strike, levels, ask, events } = setup()
    await strike(2)
    expect(levels()).toEqual([])
    await strike(1)
    expect(levels()).toEqual([1])
    await strike(2)
    expect(levels()).toEqual([2])
    await strike(2)
    expect(levels()).toEqual([3])
    expect(await ask('key', testActors.key)).toMatchObject({
      outcome: 'deny',
      reason: 'address_blocked',
      retryAfterMs: 20 * minute,
    })
    const raised = events.filter(({ event }) => event === 'penalty.raised')
    expect(raised.map(({ details }) => [details?.level, details?.demand, details?.reason])).toEqual([
      [1, 'none', 'credential_invalid'],
      [2, 'none', 'credential_invalid'],
      [3, 'block', 'credential_invalid'],
    ])
    expect(raised[0]?.address).toBe('192.0.2.1')
  })

  it('pays more of the limits counted by address, and of no others', async () => {
    const { strike, ask } = setup()
    const left = async (door: 'open' | 'key') =>
      (await ask(door, door === 'key' ? testActors.key : undefined)).limits[0]?.remaining ?? 0
    const free = [(await left('open')) - (await left('open')), (await left('key')) - (await left('key'))]
    await strike(3)
    const slow = [(await left('open')) - (await left('open')), (await left('key')) - (await left('key'))]
    expect([free, slow]).toEqual([
      [1, 1],
      [2, 1],
    ])
  })

  it('is slower, never shut out, by a limit that holds less than the cost', async () => {
    const strangers = [{ name: 'few', by: 'address', quota: 3, windowMs: 3000 }] as const
    const key = { ...testPolicy.doors.key, strangers: [{ ...strangers[0], name: 'more', quota: 1000 }] }
    const { ask, strike, clock } = setup({
      policy: { doors: { ...testPolicy.doors, open: { ...testPolicy.doors.open, strangers }, key } as never },
      penalties: { levels: [{ strikes: 1, windowMs: minute, lastsMs: minute, cost: 100 }] },
    })
    await strike(2)
    const reasons = []
    for (let i = 0; i < 6; i++) {
      reasons.push((await ask('open', undefined)).reason)
      clock.advance(1500)
    }
    expect(reasons).toEqual(['allowed', 'rate_limited', 'allowed', 'rate_limited', 'allowed', 'rate_limited'])
  })

  it('is free again when the time is over, and that is told', async () => {
    const { strike, ask, clock, levels, names } = setup()
    await strike(7)
    expect((await ask('open', undefined)).reason).toBe('address_blocked')
    clock.advance(20 * minute)
    expect((await ask('open', undefined)).reason).toBe('allowed')
    expect(levels()).toEqual([])
    expect(names().filter((name) => name === 'penalty.ended')).toHaveLength(1)
  })

  it('leaves the list, and is told, even if it never comes back', async () => {
    const { strike, clock, guard, events, ask } = setup()
    await strike(3)
    clock.advance(6 * minute)
    await ask('open', undefined, { remoteAddress: '192.0.2.99' })
    expect(events.at(-1)).toMatchObject({ event: 'penalty.ended', details: { cause: 'expired', level: 1 } })
    expect(guard.penalties.list()).toEqual([])
  })

  it('is free to the millisecond, also between two looks through the box', async () => {
    const { strike, ask, clock, names, guard } = setup()
    await strike(7)
    const [{ untilMs } = { untilMs: 0 }] = guard.penalties.list()
    clock.set(untilMs - 1)
    expect((await ask('open', undefined)).reason).toBe('address_blocked')
    clock.advance(1)
    expect((await ask('open', undefined)).reason).toBe('allowed')
    expect(names().filter((name) => name === 'penalty.ended')).toHaveLength(1)
  })

  it('a milder level neither replaces a harder one nor shortens it', async () => {
    const { strike, levels, clock, guard } = setup()
    await strike(5)
    const until = guard.penalties.list()[0]?.untilMs
    clock.advance(minute)
    await strike(3)
    expect(levels()).toEqual([2])
    expect(guard.penalties.list()[0]?.untilMs).toBe(until)
  })

  it('keeps others free: their requests cost what they did', async () => {
    const { strike, ask } = setup()
    await strike(7)
    const other = { remoteAddress: '192.0.2.2' }
    const first = (await ask('open', undefined, other)).limits[0]?.remaining ?? 0
    expect(first - ((await ask('open', undefined, other)).limits[0]?.remaining ?? 0)).toBe(1)
  })

  it('an IPv6 subscriber is one address, whatever they change below their /64', async () => {
    const { strike, ask, guard } = setup()
    for (let i = 0; i < 7; i++) await strike(1, { remoteAddress: `2001:db8:1:2::${i}` })
    expect((await ask('open', undefined, { remoteAddress: '2001:db8:1:2:ffff::1' })).reason).toBe(
      'address_blocked',
    )
    expect(guard.penalties.list()).toMatchObject([
      { address: '2001:db8:1:2::/64', level: 3, demand: 'block' },
    ])
  })

  it('probes and files are served all the same', async () => {
    const { strike, ask } = setup()
    await strike(7)
    expect((await ask('probe', undefined)).reason).toBe('allowed')
  })
})

describe('a pardon', () => {
  it('lets an address out at once, and its strikes do not count for a while', async () => {
    const { strike, guard, ask, levels, events } = setup()
    await strike(7)
    await guard.penalties.pardon('192.0.2.1')
    expect(events.at(-1)).toMatchObject({ event: 'penalty.ended', details: { cause: 'pardoned' } })
    expect((await ask('open', undefined)).reason).toBe('allowed')
    await strike(7)
    expect(levels()).toEqual([])
  })

  it('takes the prefix from the list', async () => {
    const { strike, guard, levels } = setup()
    await strike(3, { remoteAddress: '2001:db8::1' })
    await guard.penalties.pardon(guard.penalties.list()[0]?.address ?? '')
    expect(levels()).toEqual([])
    await guard.penalties.pardon('203.0.113.9')
  })

  it('ends after its time', async () => {
    const { strike, guard, clock, levels } = setup({ penalties: { ...penalties, pardonMs: minute } })
    await guard.penalties.pardon('192.0.2.1')
    await strike(3)
    expect(levels()).toEqual([])
    clock.advance(2 * minute)
    await strike(3)
    expect(levels()).toEqual([1])
  })
})

describe('switches', () => {
  it('observed: counted and told, but nobody is slowed or turned away', async () => {
    const { strike, ask, names, passage } = await observed()
    await strike(7)
    const { outcome, reason } = await ask('open', undefined)
    expect([outcome, reason]).toEqual(['degrade', 'address_blocked'])
    expect(names()).toContain('penalty.raised')
    expect(passage.cost).toBe(1)
    async function observed() {
      const parts = setup({ modes: { penalties: 'observe' } })
      await parts.strike(3)
      return { ...parts, passage: (await parts.ask('open', undefined)).passage }
    }
  })

  it('off: nothing is counted', async () => {
    const { strike, ask, levels } = setup({ modes: { penalties: 'off' } })
    await strike(20)
    expect([levels(), (await ask('open', undefined)).reason]).toEqual([[], 'allowed'])
  })

  it('turned off while somebody is in the box: they pass', async () => {
    const { strike, ask, modes } = setup({ modes: {} })
    await strike(7)
    modes.penalties = 'off'
    expect((await ask('open', undefined)).reason).toBe('allowed')
  })
})

describe('bounds', () => {
  it('a store that fails raises no level and blocks nobody', async () => {
    const gone: LimitStore = {
      take: () => Promise.reject(new Error('gone')),
      peek: () => Promise.reject(new Error('gone')),
    }
    const { strike, levels, ask } = setup({ store: gone })
    await strike(30)
    expect(levels()).toEqual([])
    expect((await ask('open', undefined)).reason).toBe('limits_unavailable')
    expect((await ask('open', undefined)).outcome).toBe('degrade')
  })

  it('a store that fails later lets those in the box keep their level, and nothing rejects', async () => {
    let failing = false
    const { store } = realStore()
    const fragile: LimitStore = {
      take: (charges) => (failing ? Promise.reject(new Error('gone')) : store.take(charges)),
      peek: (charges) => (failing ? Promise.reject(new Error('gone')) : store.peek(charges)),
    }
    const { strike, ask } = setup({ store: fragile })
    await strike(7)
    failing = true
    expect((await ask('open', undefined)).reason).toBe('address_blocked')
  })

  it('however many addresses, the box holds so many', async () => {
    const { guard, strike, levels } = setup({ penalties: { ...penalties, maxAddresses: 5 } })
    for (let i = 0; i < 20; i++) await strike(3, { remoteAddress: `198.51.100.${i}` })
    expect(levels()).toHaveLength(5)
    expect(guard.penalties.list().map(({ address }) => address)).toContain('198.51.100.19')
  })

  it('the refusals of a flood are counted ten times a second once they mean something', async () => {
    const { store, charged } = realStore()
    const { ask, strike, clock } = setup({ store, penalties: { levels: [{ ...slow, strikes: 1 }] } })
    await strike(2)
    const before = charged('penalty-level-1')
    for (let i = 0; i < 2000; i++) {
      await ask('key', wrong)
      clock.advance(1)
    }
    expect(charged('penalty-level-1') - before).toBeGreaterThan(10)
    expect(charged('penalty-level-1') - before).toBeLessThanOrEqual(21)
  })

  it('a flood of a penalised address asks the store a bounded number of times', async () => {
    const { store, calls } = realStore()
    const { strike, ask } = setup({ store })
    await strike(7)
    const before = calls()
    for (let i = 0; i < 5000; i++) await ask('open', undefined)
    expect(calls() - before).toBeLessThan(5)
  })
})

function realStore() {
  const asked: string[] = []
  const inner = guardForTests().guard.limiter
  const note = (charges: readonly LimitCharge[]) => asked.push(charges.map(({ limit }) => limit.name).join())
  const store: LimitStore = {
    take: (charges) => {
      note(charges)
      return inner.take(charges, 'deny')
    },
    peek: (charges) => {
      note(charges)
      return inner.peek(charges, 'deny')
    },
  }
  return {
    store,
    calls: () => asked.length,
    charged: (limit: string) => asked.filter((names) => names === limit).length,
  }
}
