// The codes this package throws, and its one factory.

export type JobsErrorCode =
  /** The idempotency key was used before with another body. Details: `{ jobId }`. */
  | 'idempotency_conflict'
  /** The workspace has as many waiting jobs as it may. Details: `{ limit }`; `retryAfterMs` is set. */
  | 'queue_full'
  /** The specification of a job breaks a rule of the store. Details: `{ field }`. */
  | 'bad_job'
  /** The job runs elsewhere or is finished: this worker's claim is void. */
  | 'claim_lost'

/** An error with a stable code and the facts needed to act. */
export interface JobsError extends Error {
  readonly code: JobsErrorCode
  readonly details?: unknown
  readonly retryAfterMs?: number
}

export function jobsError(
  code: JobsErrorCode,
  message: string,
  facts: { readonly details?: unknown; readonly retryAfterMs?: number } = {},
): JobsError {
  return Object.assign(new Error(message), { code, ...facts })
}

/** What a job row, an attempt and a step keep of a failure. */
export interface ErrorFacts {
  readonly code: string
  readonly message: string
  readonly details?: unknown
}
