// The port behind which revocations are kept. The store is the truth; the bus only makes it known sooner.
import type { Revocation, RevocationSubject } from './revocations.ts'

/** A revocation with its place in the order in which the store took it. */
export interface StoredRevocation extends Revocation {
  readonly position: number
}

/**
 * Keeps revocations. {@link revocationStoreCases} says precisely what a store must do; the point that is easily missed:
 * whoever has read up to a position must never see an earlier one appear afterwards, however many processes write.
 */
export interface RevocationStore {
  /** Adds one, or merges it with what is known of the same thing ({@link mergeRevocations}) at a new position. */
  add(revocation: Revocation): Promise<void>
  /** The revocation that voids a credential, the narrowest kind first. */
  find(subject: RevocationSubject): Promise<Revocation | undefined>
  /** The last position; 0 when nothing was ever added. */
  head(): Promise<number>
  /** At most `limit` revocations after `position`, in order. */
  since(position: number, limit: number): Promise<readonly StoredRevocation[]>
  /** Forgets what may be forgotten at `nowMs`, at most 1,000 at once. Returns how many. */
  prune(nowMs: number): Promise<number>
}
