// Ended sessions, token families, users, keys and single tokens, known in every process within the published bound.
import type { Maybe } from '../../kernel/identity.ts'

/** What can be ended. `token` is a single `jti`. */
export type RevocationKind = 'session' | 'family' | 'user' | 'key' | 'token'

/** One thing that has ended. Ids are opaque and say nothing about a person. */
export interface Revocation {
  readonly kind: RevocationKind
  readonly id: string
  /** Epoch milliseconds. Credentials issued before are void; for `user`, later ones hold. */
  readonly revokedAtMs: number
  /** Epoch milliseconds after which nothing that it could void is still valid, so it may be forgotten. */
  readonly forgetAtMs: number
  /** Stable code, such as `signed_out`, `reuse_detected`, `operator`. */
  readonly cause: string
}

/** The ids by which one credential can be ended. */
export interface RevocationSubject {
  readonly session?: string | undefined
  readonly family?: string | undefined
  readonly user?: string | undefined
  readonly key?: string | undefined
  readonly token?: string | undefined
  /** Epoch milliseconds at which the credential was issued. */
  readonly issuedAtMs: number
}

/** Answers from memory while the bus is alive; asks the store when it has been silent. */
export interface Revocations {
  /**
   * The revocation that voids a credential, or `undefined`. Rejects with `store_unreachable` when neither bus nor
   * store can say: the door's failure mode decides then.
   */
  find(subject: RevocationSubject): Maybe<Revocation | undefined>
  /** Stores, then tells every process. Resolves when stored. */
  revoke(revocation: Omit<Revocation, 'revokedAtMs'>): Promise<void>
  /** Called in every process for every revocation, once; returns the function that stops it. */
  onRevoked(listener: (revocation: Revocation) => void): () => void
  /** Whether the bus was heard within its limit. */
  readonly alive: boolean
  stop(): Promise<void>
}
