// What every replay store must do: one handling per message, whoever claims it when, and no forgetting before time.
// Without a test framework, so that a store of somebody else's can run the cases under whichever one they use.
import assert from 'node:assert/strict'
import type { ReplayStore } from '../webhooks/replay-store.ts'
import type { ConformanceCase, MovableClock } from './limit-store-cases.ts'

/** Opens an empty store that reads this clock. `close` is called after the case. */
export type OpenReplayStore = (
  clock: MovableClock,
) => Promise<{ readonly store: ReplayStore; close(): Promise<void> }>

const leaseMs = 60_000
const memoryMs = 3_600_000

/**
 * The cases for one store.
 * @example
 * for (const { name, run } of replayStoreCases(open)) it(name, run)
 */
export function replayStoreCases(open: OpenReplayStore): ConformanceCase[] {
  const caseOf = (name: string, body: (store: ReplayStore, clock: MovableClock) => Promise<void>) => ({
    name,
    async run() {
      const clock = movableClock()
      const { store, close } = await open(clock)
      try {
        await body(store, clock)
      } finally {
        await close()
      }
    },
  })
  return [
    caseOf('the first claim gets it, a second is told how long to wait', async (store, clock) => {
      await claimed(store, 'a')
      clock.advance(20_000)
      assert.deepEqual(await store.claim('a', leaseMs), { state: 'in-progress', retryAfterMs: 40_000 })
    }),
    caseOf('of 200 claims at once exactly one gets it', async (store) => {
      const answers = await Promise.all(Array.from({ length: 200 }, () => store.claim('a', leaseMs)))
      assert.equal(answers.filter(({ state }) => state === 'claimed').length, 1)
      assert.equal(answers.filter(({ state }) => state === 'in-progress').length, 199)
    }),
    caseOf('what was committed is not claimed again', async (store) => {
      await claimed(store, 'a')
      await store.commit('a', memoryMs)
      assert.deepEqual(await store.claim('a', leaseMs), { state: 'committed' })
    }),
    caseOf('what was released can be claimed at once', async (store) => {
      await store.release('a', await claimed(store, 'a'))
      await claimed(store, 'a')
    }),
    caseOf('a claim ends with its lease, not a millisecond earlier', async (store, clock) => {
      await claimed(store, 'a')
      clock.advance(leaseMs - 1)
      assert.deepEqual(await store.claim('a', leaseMs), { state: 'in-progress', retryAfterMs: 1 })
      clock.advance(1)
      await claimed(store, 'a')
    }),
    caseOf('after an ended lease, too, exactly one of many gets it', async (store, clock) => {
      await claimed(store, 'a')
      clock.advance(leaseMs)
      const answers = await Promise.all(Array.from({ length: 50 }, () => store.claim('a', leaseMs)))
      assert.equal(answers.filter(({ state }) => state === 'claimed').length, 1)
    }),
    caseOf('a commit is remembered for its time, not a millisecond less', async (store, clock) => {
      await claimed(store, 'a')
      await store.commit('a', memoryMs)
      clock.advance(memoryMs - 1)
      assert.deepEqual(await store.claim('a', leaseMs), { state: 'committed' })
      clock.advance(1)
      await claimed(store, 'a')
    }),
    caseOf(
      'a release without the token, or with that of an ended claim, frees nothing',
      async (store, clock) => {
        const first = await claimed(store, 'a')
        await store.release('a', 'somebody else')
        assert.equal((await store.claim('a', leaseMs)).state, 'in-progress')
        clock.advance(leaseMs)
        await claimed(store, 'a')
        await store.release('a', first)
        assert.equal((await store.claim('a', leaseMs)).state, 'in-progress')
      },
    ),
    caseOf(
      'a commit after the lease has ended still counts, and nobody can undo it',
      async (store, clock) => {
        const first = await claimed(store, 'a')
        clock.advance(leaseMs)
        const second = await claimed(store, 'a')
        await store.commit('a', memoryMs)
        await store.release('a', second)
        await store.release('a', first)
        assert.deepEqual(await store.claim('a', leaseMs), { state: 'committed' })
      },
    ),
    caseOf('a commit without a claim is remembered', async (store) => {
      await store.commit('a', memoryMs)
      assert.deepEqual(await store.claim('a', leaseMs), { state: 'committed' })
    }),
    caseOf('messages do not share claims', async (store) => {
      await claimed(store, 'a')
      const token = await claimed(store, 'b')
      await store.commit('a', memoryMs)
      await store.release('b', token)
      await claimed(store, 'b')
      assert.equal((await store.claim('a', leaseMs)).state, 'committed')
    }),
    caseOf('tokens of different claims differ', async (store) => {
      const tokens = await Promise.all(['a', 'b', 'c'].map((key) => claimed(store, key)))
      assert.equal(new Set(tokens).size, 3)
    }),
  ]
}

async function claimed(store: ReplayStore, key: string): Promise<string> {
  const claim = await store.claim(key, leaseMs)
  assert.equal(claim.state, 'claimed')
  return claim.state === 'claimed' ? claim.token : ''
}

function movableClock(): MovableClock {
  let now = 1_800_000_000_000
  return {
    now: () => now,
    advance(ms) {
      now += ms
    },
  }
}
