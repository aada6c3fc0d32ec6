// What the tests of abuse rules share: time, events, a secret, reviews and a store that can be made to fail.
import { movableClock } from '../conformance/keyed-states-cases.ts'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import type { KeptState, KeyedStates } from '../lockout/keyed-states.ts'
import { createMemoryStates } from '../lockout/memory-states.ts'
import { createSecret } from '../secrets/secret.ts'
import { createMemoryReviewStore } from './memory-review-store.ts'
import type { NetworkOf } from './network-of.ts'
import { createReviews, type ReviewStore } from './review.ts'

/** The second number of an address is its network: 192.0.2.1 is in none, 10.7.0.1 in AS7. */
export const networkOf: NetworkOf = (address) => {
  const [first, second] = address.split('.')
  return first === '10' ? Number(second) : undefined
}

export function abuseParts<S extends KeptState>() {
  const clock = movableClock()
  const told: SecurityEventInput[] = []
  const events = { ...noSecurityEvents, emit: (event: SecurityEventInput) => void told.push(event) }
  const kept = createMemoryStates<S>({ clock })
  const keptReviews = createMemoryReviewStore({ clock })
  const failing = { states: false, reviews: false }
  const store: KeyedStates<S> = {
    change: (ids, step) => (failing.states ? Promise.reject(new Error('gone')) : kept.change(ids, step)),
  }
  const reviewStore: ReviewStore = {
    ...keptReviews,
    add: (review) => (failing.reviews ? Promise.reject(new Error('gone')) : keptReviews.add(review)),
  }
  return {
    clock,
    told,
    events,
    names: () => told.map(({ event }) => event),
    store,
    kept,
    failing,
    reviewStore,
    reviews: createReviews(reviewStore, events),
    secret: createSecret('k8Lw3Qz6Xv1Nb9Mc4Rt7Yp2Hd5Jf0Gs', { name: 'TEST' }),
  }
}
