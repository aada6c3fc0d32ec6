import { describe, expect, it } from 'vitest'
import { movableClock } from '../conformance/keyed-states-cases.ts'
import { reviewStoreCases } from '../conformance/review-store-cases.ts'
import { createMemoryReviewStore } from './memory-review-store.ts'
import { abuseParts } from './test-abuse.ts'

describe('the store of reviews in memory', () => {
  for (const { name, run } of reviewStoreCases(async (clock) => ({
    store: createMemoryReviewStore({ clock }),
    close: async () => {},
  }))) {
    it(name, run)
  }

  it('when full forgets the oldest decided one; what waits is never dropped', async () => {
    const store = createMemoryReviewStore({ clock: movableClock(), maxReviews: 3 })
    const add = (id: string) => store.add({ id, kind: 'device', subject: 'usr_1', reasons: [], facts: {} })
    for (const id of ['a', 'b', 'c']) await add(id)
    await expect(add('d')).rejects.toThrow('full')
    await store.decide('b', { status: 'approved', decidedBy: 'op_1' })
    await add('d')
    expect((await store.list({})).map(({ id }) => id)).toEqual(['d', 'c', 'a'])
  })
})

describe('operators', () => {
  it('approve and reject once, and each decision is an event', async () => {
    const { reviews, reviewStore, told } = abuseParts()
    for (const id of ['a', 'b']) {
      await reviewStore.add({
        id,
        kind: 'sign-up',
        subject: `usr_${id}`,
        reasons: ['address_quota'],
        facts: {},
      })
    }
    expect((await reviews.approve('a', 'op_1'))?.subject).toBe('usr_a')
    expect(await reviews.reject('a', 'op_2')).toBeUndefined()
    expect((await reviews.reject('b', 'op_2'))?.status).toBe('rejected')
    expect((await reviews.list()).length).toBe(2)
    expect(await reviews.list({ status: 'waiting' })).toEqual([])
    expect(told).toEqual([
      {
        event: 'review.decided',
        actorId: 'op_1',
        details: { review: 'a', kind: 'sign-up', status: 'approved' },
      },
      {
        event: 'review.decided',
        actorId: 'op_2',
        details: { review: 'b', kind: 'sign-up', status: 'rejected' },
      },
    ])
  })
})
