// What every store of small states must do: one change after another, all of it or nothing, no lapsed state given back.
import assert from 'node:assert/strict'
import type { KeptState, KeyedStates } from '../lockout/keyed-states.ts'
import type { ConformanceCase, MovableClock } from './limit-store-cases.ts'

/** Opens an empty store that reads this clock. `close` is called after the case. */
export type OpenStateStore<Store> = (
  clock: MovableClock,
) => Promise<{ readonly store: Store; close(): Promise<void> }>

/** How the cases make a state of this store's kind, with a number in it, and read the number again. */
export interface StateSample<S extends KeptState> {
  make(number: number, forgetAtMs: number): S
  numberOf(state: S): number
}

/** Runs a body against a fresh store. */
export function storeCase<Store>(
  open: OpenStateStore<Store>,
  name: string,
  body: (store: Store, clock: MovableClock) => Promise<void>,
): ConformanceCase {
  return {
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
  }
}

const dayMs = 86_400_000

/**
 * The cases for one store.
 * @example
 * for (const { name, run } of keyedStatesCases(open, sample)) it(name, run)
 */
export function keyedStatesCases<S extends KeptState>(
  open: OpenStateStore<KeyedStates<S>>,
  { make, numberOf }: StateSample<S>,
): ConformanceCase[] {
  type Store = KeyedStates<S>
  const caseOf = (name: string, body: (store: Store, clock: MovableClock) => Promise<void>) =>
    storeCase(open, name, body)
  const put = (store: Store, id: string, state: S | undefined) =>
    store.change([id], () => ({ states: [state], result: undefined }))
  const get = (store: Store, id: string) =>
    store.change([id], (states) => ({
      states,
      result: states[0] === undefined ? undefined : numberOf(states[0]),
    }))
  const add = (store: Store, clock: MovableClock, ids: readonly string[]) =>
    store.change(ids, (states) => ({
      states: states.map((state) =>
        make((state === undefined ? 0 : numberOf(state)) + 1, clock.now() + dayMs),
      ),
      result: undefined,
    }))
  return [
    caseOf('a name without a state has none; what was written comes back whole', async (store, clock) => {
      assert.equal(await get(store, 'a'), undefined)
      const state = make(7, clock.now() + dayMs)
      await put(store, 'a', state)
      await store.change(['a', 'b'], (states) => {
        assert.deepEqual(states, [state, undefined])
        return { states, result: undefined }
      })
    }),
    caseOf('a state that becomes nothing is gone', async (store, clock) => {
      await put(store, 'a', make(1, clock.now() + dayMs))
      await put(store, 'a', undefined)
      assert.equal(await get(store, 'a'), undefined)
    }),
    caseOf('a step is told the store’s own time', async (store, clock) => {
      clock.advance(1234)
      const now = await store.change(['a'], (states, nowMs) => ({ states, result: nowMs }))
      assert.equal(now, clock.now())
    }),
    caseOf('100 parallel changes of one name lose none', async (store, clock) => {
      await Promise.all(Array.from({ length: 100 }, () => add(store, clock, ['a'])))
      assert.equal(await get(store, 'a'), 100)
    }),
    caseOf(
      'parallel changes of several names in any order neither block each other nor lose one',
      async (store, clock) => {
        const orders = [
          ['a', 'b', 'c'],
          ['c', 'b', 'a'],
          ['b', 'c', 'a'],
          ['b', 'd', 'a'],
        ]
        await Promise.all(Array.from({ length: 60 }, (_, i) => add(store, clock, orders[i % 4] ?? [])))
        assert.deepEqual(
          await Promise.all(['a', 'b', 'c', 'd'].map((id) => get(store, id))),
          [60, 60, 45, 15],
        )
      },
    ),
    caseOf('parallel first changes and removals of one name lose none', async (store, clock) => {
      let removed = 0
      const flip = () =>
        store.change(['a'], (states) => {
          if (states[0] !== undefined) removed++
          return {
            states: [states[0] === undefined ? make(1, clock.now() + dayMs) : undefined],
            result: undefined,
          }
        })
      await Promise.all(Array.from({ length: 50 }, flip))
      assert.deepEqual([removed, await get(store, 'a')], [25, undefined])
    }),
    caseOf('a step that throws changes nothing, and its error is thrown on', async (store, clock) => {
      await add(store, clock, ['a', 'b'])
      const broken = store.change(['a', 'b'], () => {
        throw new Error('a wrong step')
      })
      await assert.rejects(broken, /a wrong step/)
      assert.deepEqual([await get(store, 'a'), await get(store, 'b')], [1, 1])
    }),
    caseOf('a state lapses at its time, not a millisecond earlier', async (store, clock) => {
      await put(store, 'a', make(1, clock.now() + 1000))
      clock.advance(999)
      assert.equal(await get(store, 'a'), 1)
      clock.advance(1)
      assert.equal(await get(store, 'a'), undefined)
      await add(store, clock, ['a'])
      assert.equal(await get(store, 'a'), 1)
    }),
    caseOf('names are opaque', async (store, clock) => {
      const names = ["a'; DROP TABLE x; --", 'a"b', 'a%', 'A', 'a', 'ä', '$1', '__proto__', 'constructor', '']
      for (const name of names) await add(store, clock, [name])
      for (const name of names) assert.equal(await get(store, name), 1, name)
    }),
  ]
}

/** A clock that only moves when told. */
export function movableClock(): MovableClock {
  let now = 1_800_000_000_000
  return {
    now: () => now,
    advance(ms) {
      now += ms
    },
  }
}
