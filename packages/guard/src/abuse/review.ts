// What a rule caught waits for a person: nothing is dropped silently, and nobody decides twice.
import type { EventDetails } from '../events/catalogue.ts'
import type { SecurityEvents } from '../events/event-pipeline.ts'

/** Which rule asked. */
export type ReviewKind = 'sign-up' | 'device'

/** `approved` and `rejected` are final. */
export type ReviewStatus = 'waiting' | 'approved' | 'rejected'

/** Something that waits, or waited, for a decision. */
export interface Review {
  readonly id: string
  readonly kind: ReviewKind
  /** The application's own id of what is held: a sign-up, an account. Says nothing about a person by itself. */
  readonly subject: string
  /** Stable codes of the rules that caught it. */
  readonly reasons: readonly string[]
  /** Short facts without personal data. */
  readonly facts: EventDetails
  readonly createdAtMs: number
  readonly status: ReviewStatus
  readonly decidedAtMs?: number
  /** The operator's id. */
  readonly decidedBy?: string
}

/** What a rule writes down. */
export type NewReview = Pick<Review, 'id' | 'kind' | 'subject' | 'reasons' | 'facts'>

/** Which reviews are wanted, newest first. */
export interface ReviewQuery {
  readonly status?: ReviewStatus
  readonly kind?: ReviewKind
  /** 1 to 100 (default 20). */
  readonly limit?: number
  /** Reviews after this one of an earlier page. */
  readonly after?: Pick<Review, 'id' | 'createdAtMs'>
}

/** {@link reviewStoreCases} says precisely what a store must do. */
export interface ReviewStore {
  /** Adds a waiting review; a second one with the same id changes nothing. */
  add(review: NewReview): Promise<void>
  find(id: string): Promise<Review | undefined>
  /** Decides a waiting review. `undefined`: there is none of that id, or it has been decided before. */
  decide(
    id: string,
    decision: { readonly status: 'approved' | 'rejected'; readonly decidedBy: string },
  ): Promise<Review | undefined>
  list(query: ReviewQuery): Promise<readonly Review[]>
}

/** The operators' side. Rejects when the store fails. */
export interface Reviews {
  list(query?: ReviewQuery): Promise<readonly Review[]>
  /** Resolves to the decided review, for the application to go on with; `undefined` if somebody was faster. */
  approve(id: string, operatorId: string): Promise<Review | undefined>
  reject(id: string, operatorId: string): Promise<Review | undefined>
}

/**
 * Creates the operators' side of a store.
 * @example
 * const review = await reviews.approve(id, operator.id)
 * if (review?.kind === 'sign-up') await activateAccount(review.subject)
 */
export function createReviews(store: ReviewStore, events: SecurityEvents): Reviews {
  const decide = async (id: string, status: 'approved' | 'rejected', operatorId: string) => {
    const review = await store.decide(id, { status, decidedBy: operatorId })
    if (review !== undefined) {
      const details = { review: id, kind: review.kind, status }
      events.emit({ event: 'review.decided', actorId: operatorId, details })
    }
    return review
  }
  return {
    list: (query = {}) => store.list(query),
    approve: (id, operatorId) => decide(id, 'approved', operatorId),
    reject: (id, operatorId) => decide(id, 'rejected', operatorId),
  }
}
