import { redisAvailable, startRedis } from '@levqor/testing'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { doctor } from '../doctor/doctor.ts'
import { readRedisFacts } from './read-redis-facts.ts'

describe.skipIf(!redisAvailable('own'))('what the doctor learns of a real Redis', () => {
  it('finds eviction and a client without a timeout, and neither once both are mended', async () => {
    await using server = await startRedis()
    const hasty = new Redis(server.url)
    const patient = new Redis(server.url, { socketTimeout: 5_000 })
    try {
      await hasty.config('SET', 'maxmemory-policy', 'allkeys-lru')
      const found = await doctor({ policy, facts: { redis: await readRedisFacts(hasty) } })
      expect(codes(found.findings)).toEqual(['GUARD-046', 'GUARD-047'])
      await hasty.config('SET', 'maxmemory-policy', 'noeviction', 'maxmemory', '1048576')
      const facts = await readRedisFacts(patient)
      expect(facts).toEqual({
        maxmemoryPolicy: 'noeviction',
        maxmemoryBytes: 1_048_576,
        socketTimeoutMs: 5_000,
      })
      const mended = await doctor({ policy, facts: { redis: facts } })
      expect(codes(mended.findings)).toEqual([])
      expect(mended.passed).toEqual(expect.arrayContaining(['GUARD-046', 'GUARD-047']))
    } finally {
      hasty.disconnect()
      patient.disconnect()
    }
  })
})

it('a server or a client that tells nothing is not judged', async () => {
  const facts = await readRedisFacts({ info: async () => '# Memory\r\nused_memory:1\r\n' })
  expect(facts).toEqual({ maxmemoryPolicy: undefined, maxmemoryBytes: undefined, socketTimeoutMs: undefined })
  const { skipped } = await doctor({ policy, facts: { redis: facts } })
  expect(codes(skipped)).toEqual(['GUARD-046', 'GUARD-047'])
})

function codes(notes: readonly { readonly code: string }[]): string[] {
  return notes.map(({ code }) => code).filter((code) => /GUARD-04[67]/.test(code))
}

const byAddress = { name: 'by-address', by: 'address', quota: 60, windowMs: 60_000 } as const
const policy = {
  doors: { unmatched: { authentication: 'none', strangers: [byAddress], onStoreFailure: 'local' } },
  unmatched: 'unmatched',
  credentialGuesses: { name: 'guesses', by: 'address', quota: 30, windowMs: 60_000 },
  clientAddress: { trustedProxies: [] },
  browser: { origins: ['http://localhost:3000'] },
  transport: { plainHttp: 'allow' },
} as const
