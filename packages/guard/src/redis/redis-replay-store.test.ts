import { redisAvailable, startRedis } from '@levqor/testing'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replayStoreCases } from '../conformance/index.ts'
import { createRedisReplayStore, createReplayStoreAt } from './redis-replay-store.ts'

describe.skipIf(!redisAvailable('own'))('the replay store in Redis', () => {
  let server: Awaited<ReturnType<typeof startRedis>>
  let client: Redis
  let opened = 0
  beforeAll(async () => {
    server = await startRedis()
    client = new Redis(server.url)
  })
  afterAll(async () => {
    client.disconnect()
    await server[Symbol.asyncDispose]()
  })

  for (const { name, run } of replayStoreCases(async (clock) => ({
    store: createReplayStoreAt({ client, namespace: `case-${++opened}` }, clock.now),
    close: async () => {},
  }))) {
    it(name, run)
  }

  it('by the server’s own clock: a claim, a commit, a release, and an end', async () => {
    const store = createRedisReplayStore({ client })
    const claim = await store.claim('a', 60_000)
    expect(claim.state).toBe('claimed')
    const second = await store.claim('a', 60_000)
    if (second.state !== 'in-progress') throw new Error(second.state)
    expect(second.retryAfterMs).toBeGreaterThan(50_000)
    expect(second.retryAfterMs).toBeLessThanOrEqual(60_000)
    await store.commit('a', 60_000)
    expect((await store.claim('a', 60_000)).state).toBe('committed')
    // A time so short that it is over as soon as it has begun.
    await store.commit('b', 0)
    expect((await store.claim('b', 60_000)).state).toBe('claimed')
  })

  it('keeps every key for its time only, and under its namespace', async () => {
    const store = createRedisReplayStore({ client, namespace: 'mine' })
    await store.claim('claimed', 5_000)
    await store.commit('committed', 600_000)
    expect((await client.keys('mine:*')).toSorted()).toEqual([
      'mine:webhooks:claimed',
      'mine:webhooks:committed',
    ])
    expect(await client.pttl('mine:webhooks:claimed')).toBeLessThanOrEqual(6_000)
    expect(await client.pttl('mine:webhooks:committed')).toBeLessThanOrEqual(601_000)
    expect(
      (await createRedisReplayStore({ client, namespace: 'other' }).claim('committed', 1_000)).state,
    ).toBe('claimed')
  })

  it('a server that has never seen the scripts is sent them; one that cannot answer is an error', async () => {
    const store = createRedisReplayStore({ client, namespace: 'flushed' })
    await client.script('FLUSH')
    expect((await store.claim('a', 1_000)).state).toBe('claimed')
    const lost = new Redis({ port: 1, enableOfflineQueue: false, lazyConnect: true })
    await expect(createRedisReplayStore({ client: lost }).claim('a', 1_000)).rejects.toThrow()
    lost.disconnect()
    const odd = { ...emptyClient, evalsha: async () => 'nonsense' }
    await expect(createRedisReplayStore({ client: odd }).claim('a', 1_000)).rejects.toThrow(/unknown answer/)
  })
})

const emptyClient = {
  evalsha: () => Promise.reject(new Error('unused')),
  eval: () => Promise.reject(new Error('unused')),
  publish: () => Promise.reject(new Error('unused')),
  duplicate: () => {
    throw new Error('unused')
  },
}
