// Two guards as in two processes, each with a connection of its own to one real Redis: they agree on levels, pardons
// and passed checks, also when both are asked at once.
import { redisAvailable, redisForTests, type TestRedis, until } from '@levqor/testing'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Challenge } from '../challenge/challenge.ts'
import { systemClock } from '../clock.ts'
import { guardForTests } from '../kernel/guard-for-tests.ts'
import { createRedisLimitStore } from '../redis/index.ts'
import type { PenaltyPolicy } from './penalty-policy.ts'

const minute = 60_000
const penalties: PenaltyPolicy = {
  levels: [
    { strikes: 10, windowMs: 60 * minute, lastsMs: 60 * minute, cost: 2, demand: 'challenge' },
    { strikes: 10, windowMs: 60 * minute, lastsMs: 60 * minute, demand: 'block' },
  ],
}

describe.skipIf(!redisAvailable())('the penalty box of two processes', () => {
  let server: TestRedis
  const clients: Redis[] = []
  beforeAll(async () => {
    server = await redisForTests()
  })
  afterAll(async () => {
    for (const client of clients) client.disconnect()
    await server[Symbol.asyncDispose]()
  })

  function setup() {
    const process = () => {
      const redis = new Redis(server.url)
      clients.push(redis)
      const store = createRedisLimitStore({ redis, namespace: server.namespace })
      const challenge: Challenge = { verify: async () => 'ok' }
      // Patient, because the machine that runs the tests may be busy.
      return guardForTests({
        store,
        challenge,
        clock: systemClock,
        storePatienceMs: 5000,
        policy: { penalties },
      })
    }
    const [one, two] = [process(), process()]
    const address = `198.51.100.${clients.length}`
    const from = { remoteAddress: address }
    const level = ({ guard }: typeof one) => guard.penalties.list()[0]?.level ?? 0
    const strike = async (guards: readonly (typeof one)[], times: number) => {
      await Promise.all(
        Array.from({ length: times }, (_, i) =>
          guards[i % guards.length]?.ask('key', { outcome: 'invalid' }, from),
        ),
      )
    }
    return { one, two, address, from, level, strike }
  }

  it('counts strikes together: half of them at each door lead to the level, fewer do not', async () => {
    const { one, two, strike, level } = setup()
    await strike([one, two], 10)
    expect([level(one), level(two)]).toEqual([0, 0])
    await strike([one], 1)
    await until(() => level(one) === 1, { what: 'the level in one' })
    await strike([two], 1)
    await until(() => level(two) === 1, { what: 'the level in the other' })
  })

  it('200 strikes at once never miss and never skip a level', async () => {
    const { one, two, strike, level } = setup()
    await strike([one, two], 200)
    await until(() => level(one) === 2 && level(two) === 2, { what: 'the block in both' })
    for (const { events } of [one, two]) {
      const raised = events
        .filter(({ event }) => event === 'penalty.raised')
        .map(({ details }) => details?.level)
      expect(raised).toEqual([...new Set(raised)])
    }
  })

  it('a check passed at one door is known at the other within a second', async () => {
    const { one, two, strike, level, from } = setup()
    await strike([one], 11)
    await until(() => level(one) === 1, { what: 'the level in one' })
    await strike([two], 1)
    await until(() => level(two) === 1, { what: 'the level in the other' })
    expect((await two.ask('open', undefined, from)).reason).toBe('challenge_required')
    await one.ask('open', undefined, { ...from, headers: { 'x-challenge-token': 't' } })
    await until(async () => (await two.ask('open', undefined, from)).outcome !== 'deny', {
      what: 'the check to be known',
      timeoutMs: 2000,
    })
  })

  it('a pardon at one door opens the other within a second', async () => {
    const { one, two, strike, level, from, address } = setup()
    await strike([one, two], 60)
    await until(() => level(one) === 2 && level(two) === 2, { what: 'the block in both' })
    await one.guard.penalties.pardon(address)
    expect((await one.ask('open', undefined, from)).reason).toBe('allowed')
    await until(async () => (await two.ask('open', undefined, from)).reason === 'allowed', {
      what: 'the pardon to be known',
      timeoutMs: 2000,
    })
  })
})
