import { manualClock } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { replayStoreCases } from '../conformance/index.ts'
import { createMemoryReplayStore } from './memory-replay-store.ts'

const day = 86_400_000

describe('the replay store in memory', () => {
  for (const { name, run } of replayStoreCases(async (clock) => ({
    store: createMemoryReplayStore({ clock }),
    close: async () => {},
  }))) {
    it(name, run)
  }

  it('full, it refuses new messages and still knows every old one', async () => {
    const clock = manualClock()
    const store = createMemoryReplayStore({ clock, maxEntries: 3 })
    for (const key of ['a', 'b', 'c']) await store.commit(key, day)
    await expect(store.claim('d', 1000)).rejects.toThrow(/full/)
    expect(await store.claim('a', 1000)).toEqual({ state: 'committed' })
    clock.advance(day)
    expect((await store.claim('d', 1000)).state).toBe('claimed')
    expect(store.size).toBe(1)
  })

  it('a claim that has ended can be taken again although the store is full', async () => {
    const clock = manualClock()
    const store = createMemoryReplayStore({ clock, maxEntries: 10 })
    for (let i = 0; i < 10; i++) await store.claim(`key-${i}`, 1000)
    clock.advance(1000)
    // The oldest eight are forgotten on the way; this one is still in the table, and is replaced.
    expect((await store.claim('key-9', 1000)).state).toBe('claimed')
    expect(store.size).toBe(2)
  })

  it('10,000 messages over time stay within what is in force at once', async () => {
    const clock = manualClock()
    const store = createMemoryReplayStore({ clock, maxEntries: 5_000 })
    for (let i = 0; i < 10_000; i++) {
      const claim = await store.claim(`message-${i}`, 60_000)
      expect(claim.state).toBe('claimed')
      await store.commit(`message-${i}`, i % 2 === 0 ? 1_000 : 4_000)
      clock.advance(1)
    }
    expect(store.size).toBeLessThan(3_000)
  })
})
