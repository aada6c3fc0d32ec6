// Who somebody is, as far as the guard needs to know. The application answers; the guard only counts and compares.
import type { DoorAuthentication } from '../policy/policy.ts'

/** How an actor proved who they are. `token` is an access token: the same person as their session, other bytes. */
export type CredentialKind = 'session' | 'key' | 'link' | 'token'

/** Which credentials open which door. A door without any asks nobody who they are. */
export const acceptedCredentials = {
  none: [],
  optional: ['session', 'token', 'key'],
  session: ['session', 'token'],
  'api-key': ['key'],
  'session-or-key': ['session', 'token', 'key'],
  link: ['link'],
  webhook: [],
} as const satisfies Record<DoorAuthentication, readonly CredentialKind[]>

/**
 * An authenticated caller. Ids are opaque to the guard and appear in events: use ids that say nothing about a person.
 * `details` carries the application's own identity to its handlers.
 */
export interface Actor {
  readonly kind: string
  readonly id: string
  readonly via: CredentialKind
  /**
   * Where the credential stood. A cookie is sent by the browser for whoever asks, so its requests must show their
   * origin; a header is put there on purpose. Default: `header` for keys and links, `cookie` for everything else.
   */
  readonly by?: 'cookie' | 'header'
  readonly accountId?: string
  readonly keyId?: string
  readonly sessionId?: string
  /** The refresh token's family, for sessions made of tokens. */
  readonly familyId?: string
  /** Epoch milliseconds at which the session or key was issued: ending a user voids what was issued before. */
  readonly issuedAtMs?: number
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
  /**
   * A genuine credential of which nobody can say right now whether it was revoked. The door's `onStoreFailure` decides;
   * nothing that changes something passes. An `identify` that rejects with `store_unreachable` means the same, for an
   * actor that nobody knows.
   */
  | { readonly outcome: 'unverified'; readonly actor: Actor }

/** A value or a promise of it: the guard never waits for what is already there. */
export type Maybe<T> = T | Promise<T>
