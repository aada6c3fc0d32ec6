// What every store of reviews must do: keep what waits, let one person decide once, show it newest first.
import assert from 'node:assert/strict'
import type { NewReview, ReviewQuery, ReviewStore } from '../abuse/review.ts'
import { type OpenStateStore, storeCase } from './keyed-states-cases.ts'
import type { ConformanceCase, MovableClock } from './limit-store-cases.ts'

/** Opens an empty store that reads this clock. `close` is called after the case. */
export type OpenReviewStore = OpenStateStore<ReviewStore>

const sample = (facts: Partial<NewReview> = {}): NewReview => ({
  id: 'review-1',
  kind: 'sign-up',
  subject: 'usr_1',
  reasons: ['address_quota', 'disposable_mail'],
  facts: { network: 'AS64500', count: 4, odd: true },
  ...facts,
})

/**
 * The cases for one store.
 * @example
 * for (const { name, run } of reviewStoreCases(open)) it(name, run)
 */
export function reviewStoreCases(open: OpenReviewStore): ConformanceCase[] {
  const caseOf = (name: string, body: (store: ReviewStore, clock: MovableClock) => Promise<void>) =>
    storeCase(open, name, body)
  return [
    caseOf('what is added waits, and comes back whole', async (store, clock) => {
      assert.equal(await store.find('review-1'), undefined)
      await store.add(sample())
      const expected = { ...sample(), status: 'waiting', createdAtMs: clock.now() }
      assert.deepEqual(await store.find('review-1'), expected)
      assert.deepEqual(await store.list({}), [expected])
    }),
    caseOf('adding one id twice changes nothing, also after it was decided', async (store, clock) => {
      await store.add(sample())
      clock.advance(5)
      await store.add(sample({ subject: 'usr_2' }))
      assert.equal((await store.find('review-1'))?.subject, 'usr_1')
      await store.decide('review-1', { status: 'rejected', decidedBy: 'op_1' })
      await store.add(sample())
      assert.equal((await store.find('review-1'))?.status, 'rejected')
    }),
    caseOf('a decision says who took it when, and is final', async (store, clock) => {
      await store.add(sample())
      const createdAtMs = clock.now()
      clock.advance(1000)
      const decided = {
        ...sample(),
        status: 'approved',
        createdAtMs,
        decidedAtMs: clock.now(),
        decidedBy: 'op_1',
      }
      assert.deepEqual(await store.decide('review-1', { status: 'approved', decidedBy: 'op_1' }), decided)
      assert.equal(await store.decide('review-1', { status: 'rejected', decidedBy: 'op_2' }), undefined)
      assert.deepEqual(await store.find('review-1'), decided)
      assert.equal(await store.decide('no such id', { status: 'approved', decidedBy: 'op_1' }), undefined)
    }),
    caseOf('of 20 operators at once exactly one decides', async (store) => {
      await store.add(sample())
      const decisions = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          store.decide('review-1', { status: i % 2 === 0 ? 'approved' : 'rejected', decidedBy: `op_${i}` }),
        ),
      )
      assert.equal(decisions.filter((decision) => decision !== undefined).length, 1)
    }),
    caseOf(
      'pages bring every review once, newest first, 20 unless told, 100 at most',
      async (store, clock) => {
        const ids = Array.from({ length: 110 }, (_, i) => `review-${String(i).padStart(3, '0')}`)
        for (const [i, id] of ids.entries()) {
          if (i % 2 === 0) clock.advance(1)
          await store.add(sample({ id, kind: i % 5 === 0 ? 'device' : 'sign-up' }))
        }
        await store.decide('review-005', { status: 'approved', decidedBy: 'op_1' })
        const page = async (query: ReviewQuery) => (await store.list(query)).map(({ id }) => id)
        assert.equal((await page({})).length, 20)
        assert.equal((await page({ limit: 1000 })).length, 100)
        assert.deepEqual(await page({ status: 'approved' }), ['review-005'])
        assert.deepEqual(await page({ status: 'approved', kind: 'sign-up' }), [])
        assert.equal((await page({ kind: 'device', limit: 100 })).length, 22)
        const seen: string[] = []
        for (let rows = await store.list({ limit: 9 }); rows.length > 0; ) {
          seen.push(...rows.map(({ id }) => id))
          const after = rows.at(-1)
          rows = await store.list({ limit: 9, ...(after === undefined ? {} : { after }) })
        }
        assert.deepEqual(seen, ids.toReversed())
      },
    ),
  ]
}
