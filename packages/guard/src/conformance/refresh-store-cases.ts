// What every store of refresh tokens must do, as cases that any test runner can run. A new store passes these unchanged.
import assert from 'node:assert/strict'
import type { RefreshFamily, RefreshStep, RefreshStore } from '../tokens/refresh/refresh-store.ts'
import type { ConformanceCase } from './limit-store-cases.ts'

/** Opens an empty store, twice: as two processes see the same data. `close` is called after the case. */
export type OpenRefreshStores = () => Promise<{
  readonly stores: readonly [RefreshStore, RefreshStore]
  close(): Promise<void>
}>

const nowMs = 1_800_000_000_000

function family(facts: Partial<RefreshFamily> = {}): RefreshFamily {
  return {
    id: 'AAAAAAAAAAAAAAAAAAAAAA',
    userId: 'user_1',
    seed: 'c2VlZA',
    counter: 1,
    tokenHash: '0'.repeat(64),
    rotatedAtMs: [],
    createdAtMs: nowMs,
    expiresAtMs: nowMs + 2_592_000_000,
    ...facts,
  }
}

const step = (counter: number): RefreshStep => ({
  counter,
  tokenHash: String(counter).padStart(64, '0'),
  rotatedAtMs: [nowMs, nowMs + counter],
})

/**
 * The cases for one store.
 * @example
 * for (const { name, run } of refreshStoreCases(open)) it(name, run)
 */
export function refreshStoreCases(open: OpenRefreshStores): ConformanceCase[] {
  const { id } = family()
  const caseOf = (
    name: string,
    body: (store: RefreshStore, other: RefreshStore) => Promise<void>,
  ): ConformanceCase => ({
    name,
    async run() {
      const { stores, close } = await open()
      try {
        await body(...stores)
      } finally {
        await close()
      }
    },
  })
  return [
    caseOf('gives back what was added, and nothing else', async (store, other) => {
      await store.add(family())
      assert.deepEqual(await other.find(id), family())
      assert.equal(await other.find('BBBBBBBBBBBBBBBBBBBBBB'), undefined)
    }),
    caseOf('takes a step from the counter it has', async (store, other) => {
      await store.add(family())
      assert.equal(await store.advance(id, 1, step(2)), true)
      assert.deepEqual(await other.find(id), family(step(2)))
      assert.equal(await other.advance(id, 1, step(2)), false)
      assert.equal(await other.advance('BBBBBBBBBBBBBBBBBBBBBB', 1, step(2)), false)
      assert.deepEqual(await store.find(id), family(step(2)))
    }),
    caseOf('of 100 callers at once one takes the step, and all see it afterwards', async (store, other) => {
      await store.add(family())
      for (let counter = 1; counter <= 5; counter++) {
        const taken = await Promise.all(
          Array.from({ length: 100 }, async (_, i) => {
            const mine = i % 2 === 0 ? store : other
            const won = await mine.advance(id, counter, step(counter + 1))
            assert.equal((await mine.find(id))?.counter, counter + 1)
            return won
          }),
        )
        assert.equal(taken.filter(Boolean).length, 1)
      }
    }),
    caseOf('an ended family takes no step and ends once', async (store, other) => {
      await store.add(family())
      const ended = await Promise.all([
        store.end(id, 'signed_out'),
        other.end(id, 'signed_out'),
        store.end(id, 'signed_out'),
      ])
      assert.equal(ended.filter(Boolean).length, 1)
      assert.equal(await other.advance(id, 1, step(2)), false)
      assert.equal(await store.end(id, 'operator'), false)
      assert.deepEqual(await other.find(id), family({ endedCause: 'signed_out' }))
      assert.equal(await store.end('BBBBBBBBBBBBBBBBBBBBBB', 'operator'), false)
    }),
    caseOf('ends all families of one user, and nobody else’s', async (store, other) => {
      await store.add(family({ id: 'a', userId: 'user_1' }))
      await store.add(family({ id: 'b', userId: 'user_1' }))
      await store.add(family({ id: 'c', userId: 'user_2' }))
      await store.end('a', 'signed_out')
      await store.endAllOf('user_1', 'password_changed')
      const causes = await Promise.all(
        ['a', 'b', 'c'].map(async (one) => (await other.find(one))?.endedCause),
      )
      assert.deepEqual(causes, ['signed_out', 'password_changed', undefined])
    }),
    caseOf('deletes what has expired, to the millisecond', async (store) => {
      await store.add(family({ id: 'short', expiresAtMs: nowMs + 10 }))
      await store.add(family({ id: 'long', expiresAtMs: nowMs + 11 }))
      assert.equal(await store.prune(nowMs + 10), 0)
      assert.equal(await store.prune(nowMs + 11), 1)
      assert.equal(await store.find('short'), undefined)
      assert.notEqual(await store.find('long'), undefined)
    }),
  ]
}
