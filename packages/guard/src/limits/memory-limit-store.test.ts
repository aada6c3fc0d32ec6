import { describe, expect, it } from 'vitest'
import { limitStoreCases } from '../conformance/index.ts'
import { compileLimit } from './limit.ts'
import { createMemoryLimitStore } from './memory-limit-store.ts'

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

  it('remembers no more than its bound, a million addresses later', () => {
    const { store, take } = setup(10_000)
    for (let i = 0; i < 1_000_000; i++) take(addressOf(i))
    expect(store.size).toBe(10_000)
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
