import { freePort, type RunningRedis, redisAvailable, startRedis, until } from '@levqor/testing'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { limitStoreCases } from '../conformance/index.ts'
import { compileLimit, type LimitRule } from '../limits/limit.ts'
import type { LimitCharge, LimitVerdict } from '../limits/limit-store.ts'
import { createInjectedTimeLimitStore } from './injected-time-limit-store.ts'
import type { RedisClient } from './redis-client.ts'
import { createRedisLimitStore } from './redis-limit-store.ts'

const usual: LimitRule = { name: 'l', by: 'address', quota: 10, windowMs: 60_000 }
const charge = (facts: Partial<LimitRule> = {}, subject = 'a'): LimitCharge => ({
  limit: compileLimit({ ...usual, ...facts }),
  subject,
})
const allowedIn = (verdicts: readonly LimitVerdict[]) => verdicts.filter(({ allowed }) => allowed).length

describe.skipIf(!redisAvailable('own'))('the Redis store', () => {
  let server: RunningRedis
  let redis: Redis
  let count = 0
  beforeAll(async () => {
    server = await startRedis()
    redis = new Redis(server.url)
  })
  afterAll(async () => {
    redis.disconnect()
    await server.kill()
  })

  /** A store of its own namespace, that notes what is sent. */
  function setup() {
    const namespace = `test-${count++}`
    const calls: { keys: string[]; argumentCount: number }[] = []
    const watched: RedisClient = Object.assign(Object.create(redis), {
      evalsha(sha: string, keyCount: number, ...rest: (string | number)[]) {
        calls.push({ keys: rest.slice(0, keyCount).map(String), argumentCount: rest.length - keyCount })
        return redis.evalsha(sha, keyCount, ...rest)
      },
    })
    const store = createRedisLimitStore({ redis: watched, namespace })
    return { store, namespace, calls, keys: () => redis.keys(`{${namespace}}*`) }
  }

  describe('keeps the contract of every limit store', () => {
    const cases = limitStoreCases(async (clock) => ({
      store: createInjectedTimeLimitStore({ redis, namespace: `case-${count++}`, clock }),
      close: async () => {},
    }))
    for (const { name, run } of cases) it(name, run)
  })

  it('200 concurrent calls of two processes at limit 10 pass exactly 10', async () => {
    const { store, namespace } = setup()
    const other = new Redis(server.url)
    onTestFinished(() => other.disconnect())
    const stores = [store, createRedisLimitStore({ redis: other, namespace })]
    for (const algorithm of ['token-bucket', 'sliding-window', 'fixed-window'] as const) {
      const verdicts = await Promise.all(
        Array.from({ length: 200 }, async (_, i) => {
          for (let turn = i % 7; turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve))
          return stores[i % 2]?.take([charge({ algorithm, windowMs: 3_600_000 })])
        }),
      )
      expect(allowedIn(verdicts.filter((verdict) => verdict !== undefined))).toBe(10)
    }
  })

  it("a caller's clock one hour off changes nothing", async () => {
    const { store } = setup()
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    for (let i = 0; i < 10; i++) await store.take([charge()])
    for (const off of [3_600_000, -3_600_000]) {
      vi.setSystemTime(Date.now() + off)
      expect((await store.take([charge()])).allowed).toBe(false)
    }
    const { states } = await store.peek([charge({ quota: 20 })])
    expect(states[0]?.resetMs).toBeLessThanOrEqual(60_000)
  })

  it('windows under one second work by the server’s clock', async () => {
    const { store } = setup()
    const short = charge({ quota: 5, windowMs: 200, algorithm: 'sliding-window' })
    const first = await Promise.all(Array.from({ length: 20 }, () => store.take([short])))
    expect(allowedIn(first)).toBe(5)
    await until(async () => (await store.take([short])).allowed, {
      what: 'the window to pass',
      timeoutMs: 2000,
    })
  })

  it('keeps all limits of one call under one hash tag, whatever the subject is called', async () => {
    const { store, namespace, calls } = setup()
    const subjects = ['a', '}{other}', '{}', '', '{x', 'ü💥', 'long'.repeat(2000)]
    await store.take(subjects.map((subject, i) => charge({ name: `l${i}` }, subject)))
    const sent = calls.flatMap((call) => call.keys)
    expect(sent).toHaveLength(subjects.length)
    for (const key of sent) {
      // The rule of cluster slots: what stands between the first "{" and the next "}" decides.
      const from = key.indexOf('{')
      expect(key.slice(from + 1, key.indexOf('}', from + 1))).toBe(namespace)
      expect(key.length).toBeLessThan(200)
    }
  })

  it('asks once for all requests of a turn, and each is decided as if it had come alone', async () => {
    const { store, calls } = setup()
    const requests = Array.from({ length: 20 }, (_, i) =>
      store.take([charge(), charge({ name: 'm', quota: 15 }), charge({ name: 'n', quota: 5 }, `s${i % 4}`)]),
    )
    const verdicts = await Promise.all(requests)
    expect(calls).toHaveLength(1)
    expect(verdicts.map(({ allowed }) => allowed)).toEqual(verdicts.map((_, i) => i < 10))
    // A key per subject, however many charge it.
    expect(calls[0]?.keys).toHaveLength(5)
    expect((await store.peek([charge({ name: 'm', quota: 15 })])).states[0]?.remaining).toBe(5)
  })

  it('keeps the order of requests and their number per call bounded', async () => {
    const { store, calls } = setup()
    const verdicts = await Promise.all(
      Array.from({ length: 200 }, () => store.take([charge({ quota: 130 })])),
    )
    expect(calls).toHaveLength(4)
    expect(verdicts.map(({ allowed }) => allowed)).toEqual(verdicts.map((_, i) => i < 130))
    const sixty = Array.from({ length: 60 }, (_, i) => charge({ name: `l${i}` }))
    expect((await store.take(sixty)).states).toHaveLength(60)
    await expect(store.take([...sixty, charge()])).rejects.toThrow('More than 60 limits in one call')
    expect(await store.take([])).toEqual({ allowed: true, states: [], retryAfterMs: 0 })
  })

  it('its keys outlive what they remember, and expire', async () => {
    const { store, namespace, keys } = setup()
    const windows = [1, 250, 1000, 60_000, 86_400_000]
    for (const algorithm of ['token-bucket', 'sliding-window', 'fixed-window'] as const) {
      for (const windowMs of windows) {
        const subject = `${algorithm}-${windowMs}`
        for (let i = 0; i < 8; i++) {
          const { states } = await store.take([charge({ algorithm, windowMs }, subject)])
          const left = await redis.pttl(`{${namespace}}:${subject}`)
          const resetMs = states[0]?.resetMs ?? 0
          expect(left).toBeGreaterThanOrEqual(Math.min(resetMs, windowMs))
          expect(left).toBeLessThanOrEqual(2 * windowMs + 5000)
        }
      }
    }
    expect(await keys()).toHaveLength(15)
  })

  it('a subject’s rested limits leave its key', async () => {
    let now = 1_800_000_000_000
    const namespace = `test-${count++}`
    const store = createInjectedTimeLimitStore({ redis, namespace, clock: { now: () => now } })
    const forms = ['token-bucket', 'sliding-window', 'fixed-window'] as const
    const many = Array.from({ length: 30 }, (_, i) =>
      charge({ name: `l${i}`, algorithm: forms[i % 3] ?? forms[0] }),
    )
    await store.take(many)
    const size = await redis.strlen(`{${namespace}}:a`)
    now += 3_600_000
    await store.take([charge()])
    expect(await redis.strlen(`{${namespace}}:a`)).toBeLessThan(size / 10)
  })

  it('a sliding window that is charged for days takes no more room than at first', async () => {
    let now = 1_800_000_000_000
    const namespace = `test-${count++}`
    const store = createInjectedTimeLimitStore({ redis, namespace, clock: { now: () => now } })
    const both = [charge({ algorithm: 'sliding-window', quota: 1000 }), charge({ name: 'm' })]
    for (let i = 0; i < 500; i++) {
      now += 1 + ((i * 7919) % 9000)
      await store.take(both)
    }
    expect(await redis.strlen(`{${namespace}}:a`)).toBeLessThan(350)
  })

  it('goes on with the same counts when the server has lost the script', async () => {
    const { store } = setup()
    const take = () => store.take([charge()])
    for (let i = 0; i < 4; i++) await take()
    await redis.script('FLUSH')
    const verdicts = await Promise.all(Array.from({ length: 70 }, take))
    expect(allowedIn(verdicts)).toBe(6)
    expect((await take()).allowed).toBe(false)
  })

  it('says before the start whether anybody is there', async () => {
    const { store } = setup()
    await store.assertReachable()
    const nobody = new Redis({ port: await freePort(), maxRetriesPerRequest: 0, retryStrategy: () => null })
    nobody.on('error', () => {})
    const lost = createRedisLimitStore({ redis: nobody, namespace: 'n' })
    await expect(lost.assertReachable()).rejects.toMatchObject({ code: 'store_unreachable' })
    const silent = createRedisLimitStore({ redis: fake(() => new Promise(() => {})), namespace: 'n' })
    await expect(silent.assertReachable(20)).rejects.toMatchObject({ code: 'store_unreachable' })
  })
})

/** A client that answers scripts as told. */
function fake(answer: () => Promise<unknown>): RedisClient {
  const no = () => {
    throw new Error('Not part of this test.')
  }
  return { evalsha: answer, eval: answer, publish: no, duplicate: no }
}

describe('a server that does not behave', () => {
  const take = (answer: () => Promise<unknown>) =>
    createRedisLimitStore({ redis: fake(answer), namespace: 'n' }).take([
      charge({ algorithm: 'sliding-window' }),
      charge({ name: 'm' }),
    ])

  it('an error of the script reaches every request of the call', async () => {
    await expect(take(() => Promise.reject(new Error('OOM command not allowed')))).rejects.toThrow('OOM')
  })

  it.each<[unknown]>([
    ['OK'],
    [null],
    [[]],
    [[1, 2]],
    [['1', '2', '3', '4']],
    [[1_800_000_000_000_000, 1e9, 1]],
    [[1_800_000_000_000_000, Number.NaN, 1]],
  ])('an answer of another form is an error, not a verdict: %j', async (answer) => {
    await expect(take(async () => answer)).rejects.toThrow('another form')
  })
})

describe('a namespace', () => {
  it.each(['', 'a b', '{a}', 'a}', 'x'.repeat(65)])(
    'that cannot be a hash tag is refused: "%s"',
    (namespace) => {
      const redis = fake(async () => [])
      expect(() => createRedisLimitStore({ redis, namespace })).toThrow(
        expect.objectContaining({ code: 'bad_limit_store' }),
      )
    },
  )
})
