// The memory of messages that were processed, so that none is processed twice: claim, process, commit; or claim, fail,
// release. Shared by all processes that receive from the same senders.

/** The answer to a claim. */
export type ReplayClaim =
  /** Nobody had it: process it now. `token` proves the claim when it is given back. */
  | { readonly state: 'claimed'; readonly token: string }
  /** Somebody is at it; after so long, whoever it is has crashed. */
  | { readonly state: 'in-progress'; readonly retryAfterMs: number }
  /** It was processed. */
  | { readonly state: 'committed' }

/**
 * Keeps claims and commits. Keys are short texts without secrets or personal data.
 * {@link replayStoreCases} says precisely what a store must do. A store that cannot keep a promise, because it is full
 * or cannot be reached, rejects: it never forgets early.
 */
export interface ReplayStore {
  /** Takes the message for `leaseMs`. Of any number of claims at once exactly one is answered `claimed`. */
  claim(key: string, leaseMs: number): Promise<ReplayClaim>
  /** It was processed: remember that for `rememberMs`, whoever holds the claim by now. */
  commit(key: string, rememberMs: number): Promise<void>
  /** It was not processed: gives the claim back, unless the token's claim has ended. */
  release(key: string, token: string): Promise<void>
}
