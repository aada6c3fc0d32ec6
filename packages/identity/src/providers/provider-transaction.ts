// A person on the way to a provider and back: what this browser set out with, kept here until it returns.
import type { ProviderId } from '@levqor/client'

export interface ProviderTransaction {
  readonly provider: ProviderId
  /** Digest of the cookie of the browser that set out. */
  readonly browser: string
  readonly nonce: string
  readonly verifier: string
  /** A safe path. */
  readonly next: string
  /** Whose account the identity is to be linked to, and the session that proved it. */
  readonly link?: { readonly userId: string; readonly sessionId: string }
}
