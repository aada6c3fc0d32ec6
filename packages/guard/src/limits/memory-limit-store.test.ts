import { describe, expect, it } from 'vitest'
import { limitStoreCases } from '../conformance/index.ts'
import { compileLimit } from './limit.ts'
import { createMemoryLimitStore } from './memory-limit-store.ts'
import { usedBytes } from './used-bytes-for-tests.ts'

describe('the memory store keeps the contract of every limit store', () => {
  const cases = limitStoreCases(async (clock) => ({
    store: createMemoryLimitStore({ clock }),
    close: async () => {},
  }))
  for (const { name, run } of cases) it(name, run)
})

describe('the memory store under a flood of addresses', () => {
  const limit = compileLimit({ name: 'flood', by: 'address', quota: 10, windowMs: 60_000 })
  const addressOf = (i: number) => `${i >>> 16}.${(i >>> 8) & 255}.${i & 255}`

  function setup(maxKeysPerLimit: number, coarseBuckets = 64) {
    let now = 1_800_000_000_000
    const store = createMemoryLimitStore({ clock: { now: () => now }, maxKeysPerLimit, coarseBuckets })
    const advance = (ms: number) => {
      now += ms
    }
    return { store, advance, take: (subject: string) => store.take([{ limit, subject }]) }
  }

  it.each([
    ['a million', 1_000_000, 'token-bucket'],
    ['100,000', 100_000, 'sliding-window'],
    ['100,000', 100_000, 'fixed-window'],
  ] as const)(
    '%s distinct addresses stay within the configured memory and cost the same per call (%i, %s)',
    (_, addresses, algorithm) => {
      const flood = compileLimit({ name: 'flood', by: 'address', quota: 10, windowMs: 60_000, algorithm })
      const clock = { now: () => 1_800_000_000_000 }
      const before = usedBytes()
      const store = createMemoryLimitStore({ clock, maxKeysPerLimit: 10_000 })
      const part = addresses / 20
      const nsPerCall: number[] = []
      for (let i = 0; i < addresses; ) {
        const end = i + part
        const started = process.hrtime.bigint()
        for (; i < end; i++) store.take([{ limit: flood, subject: addressOf(i) }])
        nsPerCall.push(Number(process.hrtime.bigint() - started) / part)
      }
      expect(store.size).toBe(10_000)
      // 10,000 keys take 1.5 MB, or 4 MB as sliding windows, and the coarse buckets up to 1.1 MB.
      expect(usedBytes() - before).toBeLessThan(8_000_000)
      // The first tenth fills the table; the others find it full, and none may cost more than the one before.
      const filled = Math.min(...nsPerCall.slice(2, 7))
      const last = Math.min(...nsPerCall.slice(-5))
      // A cost that grew with the addresses would be hundreds of times higher; other tests run beside this one.
      expect(last / filled).toBeLessThan(10)
    },
  )

  it('keeps no text of the caller alive: neither long subjects nor the headers that short ones were cut from', () => {
    const store = createMemoryLimitStore({ clock: { now: () => 1_800_000_000_000 }, maxKeysPerLimit: 3000 })
    const before = usedBytes()
    for (let i = 0; i < 3000; i++) {
      const header = Buffer.alloc(16_000, `${i},`).toString()
      const subject = i % 2 === 0 ? header : header.slice(100, 140) + i
      store.take([{ limit, subject }])
      store.take([{ limit, subject: header.slice(i, i + 30) }])
    }
    // The headers are 48 MB.
    expect(usedBytes() - before).toBeLessThan(5_000_000)
  })

  it('never resets a count: who was refused before the flood is refused after it', () => {
    const { take } = setup(1000)
    for (let i = 0; i < 10; i++) take('spender')
    expect(take('spender').allowed).toBe(false)
    for (let i = 0; i < 50_000; i++) take(addressOf(i))
    expect(take('spender').allowed).toBe(false)
  })

  it('never resets a count of those without a slot of their own either', () => {
    const { take, advance } = setup(4, 1)
    for (const name of ['a', 'b', 'c', 'd']) take(name)
    // No slot is free: this one is counted in the coarse bucket.
    for (let i = 0; i < 10; i++) take('late')
    expect(take('late').allowed).toBe(false)
    // The slots' owners have rested, the coarse bucket has not: the newcomer takes its debt into its own slot.
    advance(6000)
    expect(take('late').states[0]?.remaining).toBe(0)
    expect(take('late').allowed).toBe(false)
  })

  it('a full table reuses the slots of rested subjects', () => {
    const { store, take, advance } = setup(100)
    for (let i = 0; i < 100; i++) take(addressOf(i))
    advance(60_000)
    for (let i = 100; i < 200; i++) take(addressOf(i))
    expect(store.size).toBe(100)
    expect(take(addressOf(150)).states[0]?.remaining).toBe(8)
  })

  it('newcomers to a full table share, and looking gives nobody a slot', () => {
    const { store, take } = setup(2, 1)
    take('a')
    take('b')
    for (let i = 0; i < 10; i++) expect(take(`n${i}`).allowed).toBe(true)
    expect(take('n10').allowed).toBe(false)
    store.peek([{ limit, subject: 'looker' }])
    expect(store.size).toBe(2)
  })
})

describe('a memory store of impossible size', () => {
  it.each([
    { maxKeysPerLimit: 0 },
    { maxKeysPerLimit: 1.5 },
    { maxKeysPerLimit: Number.NaN },
    { coarseBuckets: 0 },
    { coarseBuckets: 1000 },
    { coarseBuckets: 2 ** 21 },
  ])('is refused: %j', (sizes) => {
    const clock = { now: () => 0 }
    expect(() => createMemoryLimitStore({ clock, ...sizes })).toThrow(
      expect.objectContaining({ code: 'bad_limit_store' }),
    )
  })
})
