import { redisAvailable, redisForTests, startRedis, until } from '@levqor/testing'
import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { revocationBusCases } from '../conformance/index.ts'
import { createRevocations, type RevocationOptions } from '../tokens/revocation/create-revocations.ts'
import { createMemoryRevocationStore } from '../tokens/revocation/memory-revocation-store.ts'
import type { RevocationListener } from '../tokens/revocation/revocation-bus.ts'
import type { RevocationStore } from '../tokens/revocation/revocation-store.ts'
import type { Revocations } from '../tokens/revocation/revocations.ts'
import { collectedEvents, movedClock } from '../tokens/test-tokens.ts'
import type { RedisClient, RedisSubscriber } from './redis-client.ts'
import { redisRevocationBus } from './redis-revocation-bus.ts'

function connect(url: string): Redis {
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null })
  client.on('error', () => {})
  onTestFinished(() => client.disconnect())
  return client
}

describe.skipIf(!redisAvailable())('the bus over Redis keeps the contract of every bus', () => {
  const cases = revocationBusCases(async () => {
    const redis = await redisForTests()
    const { namespace } = redis
    const clients = [new Redis(redis.url), new Redis(redis.url)] as const
    const [one, other] = [
      redisRevocationBus({ client: clients[0], namespace }),
      redisRevocationBus({ client: clients[1], namespace }),
    ]
    return {
      ends: [
        { bus: one, tell: (revocation) => one.publish(revocation) },
        { bus: other, tell: (revocation) => other.publish(revocation) },
      ],
      async close() {
        for (const client of clients) client.disconnect()
        await redis[Symbol.asyncDispose]()
      },
    }
  })
  for (const { name, run } of cases) it(name, run)
})

const session = (id: string) => ({ session: id, issuedAtMs: 0 })
const facts = (id: string) =>
  ({ kind: 'session', id, cause: 'signed_out', forgetAtMs: Date.now() + 60_000 }) as const

describe.skipIf(!redisAvailable('own'))('two processes and a Redis that fails', () => {
  async function setup() {
    const redis = await startRedis()
    onTestFinished(() => redis[Symbol.asyncDispose]())
    const store = createMemoryRevocationStore()
    const clock = movedClock()
    const asked = { find: 0 }
    const counted: RevocationStore = {
      ...store,
      find(subject) {
        asked.find++
        return store.find(subject)
      },
    }
    const events = collectedEvents()
    const open = (options: Pick<RevocationOptions, 'store' | 'events'>) => {
      const bus = redisRevocationBus({ client: connect(redis.url) })
      const revocations = createRevocations({ ...options, bus, clock })
      onTestFinished(() => revocations.stop())
      return revocations
    }
    const [here, there] = [open({ store }), open({ store: counted, events })]
    const told: string[] = []
    there.onRevoked(({ id }) => told.push(id))
    const alive = (...which: Revocations[]) =>
      until(() => which.every((revocations) => revocations.alive), { what: 'the bus', timeoutMs: 15_000 })
    await alive(here, there)
    return { redis, store, clock, asked, events, here, there, told, alive }
  }

  it('a revocation is known on the other side, from memory', async () => {
    const { here, there, told, asked } = await setup()
    await here.revoke(facts('s1'))
    await until(() => told.length > 0, { what: 's1', timeoutMs: 15_000 })
    expect(there.find(session('s1'))).toMatchObject({ id: 's1' })
    expect(asked.find).toBe(0)
  })

  it('Redis killed: the store answers at once; back again: what was missed is known, without a restart', async () => {
    const { redis, here, there, told, asked, alive } = await setup()
    await redis.kill()
    await until(() => !there.alive && !here.alive, { what: 'the loss to be noticed', timeoutMs: 15_000 })
    await here.revoke(facts('missed'))
    expect(await there.find(session('missed'))).toMatchObject({ id: 'missed' })
    expect(asked.find).toBe(1)
    await redis.restart()
    await alive(here, there)
    expect(there.find(session('missed'))).toMatchObject({ id: 'missed' })
    expect(told).toEqual(['missed'])
    await here.revoke(facts('after'))
    await until(() => told.includes('after'), { what: 'the bus to carry again', timeoutMs: 15_000 })
  })

  it('Redis frozen: two seconds later the store answers, with one event; thawed: memory again', async () => {
    const { redis, clock, here, there, asked, events, alive } = await setup()
    redis.freeze()
    onTestFinished(() => redis.thaw())
    await here.revoke(facts('missed'))
    expect(there.find(session('missed'))).toBeUndefined()
    clock.advance(2000)
    expect(await there.find(session('missed'))).toMatchObject({ id: 'missed' })
    expect(await there.find(session('other'))).toBeUndefined()
    expect(asked.find).toBe(2)
    redis.thaw()
    await alive(here, there)
    expect(there.find(session('missed'))).toMatchObject({ id: 'missed' })
    expect(asked.find).toBe(2)
    expect(events.all.map(({ event }) => event)).toEqual(['revocation.bus_silent', 'revocation.bus_restored'])
  })

  it('what is no revocation is ignored', async () => {
    const { redis, here, there, told } = await setup()
    const stranger = connect(redis.url)
    for (const message of ['', '{', 'null', '[]', '{"kind":"session"}', 'x'.repeat(5000)]) {
      await stranger.publish('guard:revocations', message)
    }
    await here.revoke(facts('s1'))
    await until(() => told.length > 0, { what: 's1', timeoutMs: 15_000 })
    expect(told).toEqual(['s1'])
    expect(there.alive).toBe(true)
  })

  it('a client that connects only when it is asked something works too', async () => {
    const { redis } = await setup()
    const client = new Redis(redis.url, { lazyConnect: true })
    onTestFinished(() => client.disconnect())
    const revocations = createRevocations({
      store: createMemoryRevocationStore(),
      bus: redisRevocationBus({ client }),
    })
    onTestFinished(() => revocations.stop())
    await until(() => revocations.alive, { what: 'the bus', timeoutMs: 15_000 })
  })
})

describe('a connection that died without a word', () => {
  it('is given up after ten seconds, and another one is made', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const dialled: { closed: boolean; message: (text: string) => void }[] = []
    const duplicate = (): RedisSubscriber => {
      const made = { closed: false, message: (_: string) => {} }
      dialled.push(made)
      return {
        subscribe: async () => 1,
        on(event: string, listener: (...facts: never[]) => void) {
          if (event === 'message') {
            // Every listener of a message takes a channel and a text.
            made.message = (text) => (listener as (channel: string, text: string) => void)('', text)
          }
        },
        disconnect() {
          made.closed = true
        },
      }
    }
    let published = 0
    const client: RedisClient = {
      eval: async () => 0,
      evalsha: async () => 0,
      publish() {
        published++
        return new Promise(() => {})
      },
      duplicate,
    }
    const calls: string[] = []
    const listener: RevocationListener = {
      revoked: () => calls.push('revoked'),
      heard: () => calls.push('heard'),
      interrupted: () => calls.push('interrupted'),
      listening: () => calls.push('listening'),
    }
    const bus = redisRevocationBus({ client })
    bus.listen(listener)
    await vi.advanceTimersByTimeAsync(9_000)
    dialled[0]?.message('alive')
    await vi.advanceTimersByTimeAsync(9_999)
    expect([dialled.length, calls]).toEqual([1, ['listening', 'heard']])
    await vi.advanceTimersByTimeAsync(1)
    expect([dialled.length, dialled[0]?.closed]).toEqual([2, true])
    await vi.advanceTimersByTimeAsync(0)
    expect(calls).toEqual(['listening', 'heard', 'interrupted', 'listening'])
    // A server that never answers was asked once, not forty times.
    expect(published).toBe(1)
    await bus.stop()
    expect(dialled[1]?.closed).toBe(true)
  })
})
