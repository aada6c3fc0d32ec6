import { Redis } from 'ioredis'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { redisForTests } from './redis-for-tests.ts'
import { redisAvailable, startRedis } from './start-redis.ts'

describe.skipIf(!redisAvailable('own'))('a Redis of a test’s own', () => {
  it('answers, is killed, and comes back empty on the same port', async () => {
    await using server = await startRedis()
    const client = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null })
    client.on('error', () => {})
    await client.set('a', '1')
    await server.kill()
    await server.restart()
    expect(await client.get('a')).toBeNull()
    client.disconnect()
  })

  it('frozen, it accepts and never answers; thawed, it goes on', async () => {
    await using server = await startRedis()
    const client = new Redis(server.url)
    await client.set('a', '1')
    server.freeze()
    const answer = client.get('a')
    const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100, 'silence'))])
    expect(first).toBe('silence')
    server.thaw()
    expect(await answer).toBe('1')
    client.disconnect()
  })

  it('gives every test a namespace of its own', async () => {
    await using one = await redisForTests()
    await using other = await redisForTests()
    expect(one.namespace).not.toBe(other.namespace)
  })
})

describe('a machine without Redis', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })

  it('says why tests are skipped, and fails where services are required', () => {
    vi.stubEnv('PATH', '/nowhere')
    const said = vi.spyOn(console, 'log').mockImplementation(() => {})
    vi.stubEnv('REQUIRE_SERVICES', '0')
    expect(redisAvailable('own')).toBe(false)
    expect(said.mock.calls.flat().join()).toContain('skipped')
    vi.stubEnv('REQUIRE_SERVICES', '1')
    expect(() => redisAvailable('own')).toThrow(/REQUIRE_SERVICES/)
  })
})
