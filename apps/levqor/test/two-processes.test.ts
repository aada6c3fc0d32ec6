// Two processes of one installation: what one counts or ends holds in the other.
import { redisAvailable, redisForTests, startRedis, until } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import type { TestInstallation } from './start-levqor.ts'
import { twoProcesses } from './start-two-processes.ts'

/** A key of its own, and a stream of a job's events that was opened with it. */
async function openStream(maker: TestInstallation, server: TestInstallation) {
  const key = await maker.request('POST', '/api/v1/api-keys', { body: { name: 'for a stream' } })
  const job = await maker.request('POST', '/api/v1/intake', {
    body: { workflow: 'page-digest', payload: { url: 'http://127.0.0.1:9/' } },
  })
  const response = await fetch(`${server.url}/api/v1/jobs/${job.body.job_id}/events`, {
    headers: { authorization: `Bearer ${key.body.secret}` },
  })
  expect(response.status).toBe(200)
  const ended = (async () => {
    for await (const _ of response.body ?? []);
    return performance.now()
  })()
  return { id: String(key.body.id), secret: String(key.body.secret), ended }
}

/** Milliseconds until a key that was ended at one process is refused by the other, and its stream there is cut. */
async function revokeAt(
  first: TestInstallation,
  second: TestInstallation,
  end = (id: string) => first.request('DELETE', `/api/v1/api-keys/${id}`),
) {
  const key = await openStream(first, second)
  const warm = await second.request('GET', '/api/v1/jobs', { key: key.secret })
  expect(warm.status).toBe(200)
  expect((await end(key.id)).status).toBeLessThan(300)
  const revokedAt = performance.now()
  await until(async () => (await second.request('GET', '/api/v1/jobs', { key: key.secret })).status === 401, {
    what: 'the other process to refuse the key',
    timeoutMs: 5_000,
  })
  const http = performance.now() - revokedAt
  return { http, stream: (await key.ended) - revokedAt }
}

describe('without Redis', () => {
  it('a key that is ended or rotated at one process is refused at the other, and its stream cut, within a second', async () => {
    await using installation = await twoProcesses(undefined)
    const { http, stream } = await revokeAt(installation.first, installation.second)
    expect(http).toBeLessThan(1_000)
    expect(stream).toBeLessThan(1_000)

    const rotated = await revokeAt(installation.first, installation.second, (id) =>
      installation.first.request('POST', `/api/v1/api-keys/${id}/rotate`, { body: { overlap_minutes: 0 } }),
    )
    expect(rotated.http).toBeLessThan(1_000)
    expect(rotated.stream).toBeLessThan(1_000)
  }, 60_000)
})

describe.skipIf(!redisAvailable())('with Redis', () => {
  it('limits count together, and an ended key is known to both within a second', async () => {
    await using redis = await redisForTests()
    await using installation = await twoProcesses(redis.url, { LEVQOR_LIMITS_MULTIPLIER: '1' })
    const { first, second } = installation
    const { http, stream } = await revokeAt(first, second)
    expect(http).toBeLessThan(1_000)
    expect(stream).toBeLessThan(1_000)

    const countTogether = async () => {
      const key = (await first.request('POST', '/api/v1/api-keys', { body: { name: 'counted' } })).body.secret
      const started = performance.now()
      const asked = await Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          (i % 2 === 0 ? first : second).request('GET', '/api/v1/jobs', { key }),
        ),
      )
      // A key's burst is 20, and one comes back each second; two that count apart let 40 through.
      const seconds = (performance.now() - started) / 1_000
      const passed = asked.filter(({ status }) => status === 200).length
      expect(passed).toBeGreaterThanOrEqual(20)
      return passed <= 20 + Math.ceil(seconds) + 1
    }
    // A Redis that other tests starve for some milliseconds counts as away, and each process counts for itself then.
    await until(countTogether, { what: 'limits to count together', timeoutMs: 20_000 })
  }, 60_000)
})

describe.skipIf(!redisAvailable('own'))('when Redis is lost', () => {
  it('requests go on within each process, readiness says so, and all is well again by itself', async () => {
    await using redis = await startRedis()
    await using installation = await twoProcesses(redis.url)
    const { first } = installation
    await redis.kill()
    await until(async () => (await first.request('GET', '/health/ready')).status === 503, {
      what: 'readiness to notice',
      timeoutMs: 10_000,
    })
    expect((await first.request('GET', '/api/v1/jobs')).status).toBe(200)
    await redis.restart()
    await until(async () => (await first.request('GET', '/health/ready')).status === 200, {
      what: 'readiness to come back',
      timeoutMs: 10_000,
    })
    // Operators' doors refuse while counts are unknown, so they say when counting is back.
    await until(
      async () =>
        (await first.request('GET', '/api/admin/security/events?event=limit.store_recovered')).body.items
          ?.length > 0,
      { what: 'the event of the recovery', timeoutMs: 10_000 },
    )
    const failed = await first.request('GET', '/api/admin/security/events?event=limit.store_failed')
    expect(failed.body.items.length).toBeGreaterThanOrEqual(1)
  }, 60_000)
})
