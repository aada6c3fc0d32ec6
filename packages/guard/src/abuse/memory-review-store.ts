// Reviews in this process. They end with it: for tests, and for programs without a database.
import type { Clock } from '../clock.ts'
import { rowLimit } from '../lockout/lockout-store.ts'
import type { Review, ReviewStore } from './review.ts'

/** Settings of {@link createMemoryReviewStore}. */
export interface MemoryReviewStoreOptions {
  readonly clock: Clock
  /** Most reviews kept (default 10,000). When full, the oldest decided one goes; if all wait, the next is refused. */
  readonly maxReviews?: number
}

/** @example const store = createMemoryReviewStore({ clock: systemClock }) */
export function createMemoryReviewStore(options: MemoryReviewStoreOptions): ReviewStore {
  const { clock, maxReviews = 10_000 } = options
  const reviews = new Map<string, Review>()

  function makeRoom(): void {
    if (reviews.size < maxReviews) return
    const decided = [...reviews.values()].find(({ status }) => status !== 'waiting')
    if (decided === undefined) throw new Error('The store of reviews is full')
    reviews.delete(decided.id)
  }

  return {
    async add(review) {
      if (reviews.has(review.id)) return
      makeRoom()
      reviews.set(review.id, { ...review, status: 'waiting', createdAtMs: clock.now() })
    },
    find: async (id) => reviews.get(id),
    async decide(id, decision) {
      const review = reviews.get(id)
      if (review?.status !== 'waiting') return undefined
      const decided: Review = { ...review, ...decision, decidedAtMs: clock.now() }
      reviews.set(id, decided)
      return decided
    },
    async list(query) {
      const { after, status, kind } = query
      return [...reviews.values()]
        .filter((review) => status === undefined || review.status === status)
        .filter((review) => kind === undefined || review.kind === kind)
        .sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1))
        .filter(
          (review) =>
            after === undefined ||
            review.createdAtMs < after.createdAtMs ||
            (review.createdAtMs === after.createdAtMs && review.id < after.id),
        )
        .slice(0, rowLimit(query))
    },
  }
}
