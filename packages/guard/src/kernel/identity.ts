// Who somebody is, as far as the guard needs to know. The application answers; the guard only counts and compares.

/** How an actor proved who they are. */
export type CredentialKind = 'session' | 'key' | 'link' | 'token'

/**
 * An authenticated caller. Ids are opaque to the guard and appear in events: use ids that say nothing about a person.
 * `details` carries the application's own identity to its handlers.
 */
export interface Actor {
  readonly kind: string
  readonly id: string
  readonly via: CredentialKind
  readonly accountId?: string
  readonly keyId?: string
  readonly sessionId?: string
  readonly workspaceId?: string
  /** Chooses the quotas. */
  readonly plan?: string
  /** What a key may do; absent means everything its owner may. */
  readonly scopes?: readonly string[]
  readonly details?: unknown
}

/** The application's answer to "who is it?". */
export type IdentifyResult =
  | { readonly outcome: 'identified'; readonly actor: Actor }
  /** No credential at all: a stranger. Must not have cost anything to find out. */
  | { readonly outcome: 'missing' }
  /** A credential that does not hold: malformed, unknown, expired, revoked. The caller never learns which. */
  | { readonly outcome: 'invalid'; readonly cause?: string }

/** A value or a promise of it: the guard never waits for what is already there. */
export type Maybe<T> = T | Promise<T>
