import { type RunningRedis, redisAvailable, startRedis, until } from '@levqor/testing'
import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import { createGuard, type DoorRule, type Policy, type SecurityEventInput, systemClock } from '../index.ts'
import type { LimitRule } from '../limits/limit.ts'
import { usedBytes } from '../limits/used-bytes-for-tests.ts'
import { createRedisLimitStore } from './redis-limit-store.ts'

const limit: LimitRule = { name: 'l', by: 'address', quota: 1_000_000, windowMs: 60_000 }
const door = (onStoreFailure: DoorRule['onStoreFailure']): DoorRule => ({
  authentication: 'none',
  strangers: [limit],
  onStoreFailure,
})
const policy: Policy = {
  doors: { deny: door('deny'), local: door('local'), allow: door('allow') },
  unmatched: 'deny',
  credentialGuesses: { ...limit, name: 'guesses' },
  clientAddress: { trustedProxies: [] },
  browser: { origins: [] },
  transport: { plainHttp: 'allow' },
}
const doors = ['deny', 'local', 'allow'] as const

/** A guard on a Redis of its own, as an application would set it up. */
async function setup(connect: (url: string) => Redis) {
  const server = await startRedis()
  const redis = connect(server.url)
  redis.on('error', () => {})
  onTestFinished(async () => {
    redis.disconnect()
    server.thaw()
    await server.kill()
  })
  const events: SecurityEventInput[] = []
  const store = createRedisLimitStore({ redis, namespace: 'outage' })
  const guard = createGuard({
    policy,
    store,
    clock: systemClock,
    events: { ...noSecurityEvents, emit: (event) => events.push(event) },
  })
  await until(() => redis.status === 'ready', { what: 'the connection' })
  await store.assertReachable()
  const ask = async (name: string) => {
    const started = performance.now()
    let late = false
    // A timer of this process, so that a busy machine delays both alike. It has its turn after those set before it.
    const timer = setTimeout(() => setImmediate(() => (late = true)), 50)
    const { outcome, reason } = await guard.admit(name, {
      method: 'GET',
      url: '/',
      remoteAddress: '203.0.113.7',
      encrypted: true,
      headers: {},
    })
    clearTimeout(timer)
    return { name, answer: `${outcome} ${reason}`, late, ms: performance.now() - started }
  }
  const told = () => events.map(({ event }) => event).filter((event) => event.startsWith('limit.store'))
  const recovered = () =>
    until(() => told().at(-1) === 'limit.store_recovered', { what: 'recovery', timeoutMs: 10_000 })
  return { server, ask, told, recovered }
}

const works = 'allow allowed'
const byMode = {
  deny: 'deny limits_unavailable',
  local: 'degrade limits_unavailable',
  allow: 'degrade limits_unavailable',
} as const

const outages: [
  string,
  (server: RunningRedis) => Promise<void> | void,
  (server: RunningRedis) => Promise<void> | void,
][] = [
  ['killed in mid-traffic', (server) => server.kill(), (server) => server.restart()],
  ['frozen: it accepts and never answers', (server) => server.freeze(), (server) => server.thaw()],
]

const retryStrategy = () => 50
const clients: [string, (url: string) => Redis][] = [
  ['a client as it comes', (url) => new Redis(url, { retryStrategy })],
  [
    'a client that never waits',
    (url) => new Redis(url, { retryStrategy, enableOfflineQueue: false, maxRetriesPerRequest: 0 }),
  ],
]

describe.skipIf(!redisAvailable('own')).each(clients)('Redis behind %s', (_, connect) => {
  it.each(outages)(
    '%s: every door follows its mode, and it comes back without a restart',
    async (_, begin, end) => {
      const { server, ask, told, recovered } = await setup(connect)
      for (const name of doors) expect((await ask(name)).answer).toBe(works)
      for (let round = 1; round <= 2; round++) {
        // Requests under way when it happens, and right after it.
        const early = doors.flatMap((name) => Array.from({ length: 20 }, () => ask(name)))
        const begun = begin(server)
        const during = doors.flatMap((name) => Array.from({ length: 20 }, () => ask(name)))
        const disturbed = await Promise.all([...early, ...during])
        expect(disturbed.filter(({ late }) => late)).toEqual([])
        await begun
        await until(async () => (await ask('allow')).answer === byMode.allow, { what: 'the outage' })
        // From now on no request waits at all.
        let laterMs = 0
        for (let i = 0; i < 300; i++) {
          const { answer, ms } = await ask(doors[i % 3] ?? 'deny')
          expect(answer).toBe(byMode[doors[i % 3] ?? 'deny'])
          laterMs += ms
        }
        expect(laterMs / 300).toBeLessThan(5)
        await end(server)
        await recovered()
        for (const name of doors) expect((await ask(name)).answer).toBe(works)
        expect(told()).toHaveLength(2 * round)
      }
      const pair = ['limit.store_failed', 'limit.store_recovered']
      expect(told()).toEqual([...pair, ...pair])
    },
    30_000,
  )

  it.each(outages)('%s: nothing piles up behind it, however many ask', async (_, begin, end) => {
    const { server, ask, told, recovered } = await setup(connect)
    await begin(server)
    await until(async () => (await ask('local')).answer === byMode.local, {
      what: 'the outage to be noticed',
    })
    const before = usedBytes()
    for (let i = 0; i < 30_000; i++) await ask(doors[i % 3] ?? 'deny')
    // A queued command would be more than 200 bytes: 6 MB.
    expect(usedBytes() - before).toBeLessThan(3_000_000)
    await end(server)
    await recovered()
    expect((await ask('deny')).answer).toBe(works)
    expect(told()).toEqual(['limit.store_failed', 'limit.store_recovered'])
  })
})
