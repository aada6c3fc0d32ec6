// Verified credentials for a moment, so that a busy key costs one look-up a second. Forgetting is immediate in this
// process; elsewhere too, when the revocation arrives, and at the latest after the moment.
import type { AddressRanges, Clock, IdentifyResult } from '@levqor/guard'

export interface CachedCredential {
  readonly kind: 'apiKey' | 'session'
  readonly id: string
  readonly result: IdentifyResult
  /** Epoch milliseconds from which it does not hold any more, however it was remembered. */
  readonly validUntilMs?: number
  /** Where it may be used; left out: anywhere. */
  readonly allowed?: { readonly ranges: AddressRanges; readonly workspaceId: string }
}

export interface CredentialCache {
  get(hash: string): CachedCredential | undefined
  /**
   * Loads once for all who ask at the same time, and keeps what was found – unless something was forgotten meanwhile:
   * the load may have read the credential just before it was revoked.
   */
  load(hash: string, find: () => Promise<CachedCredential | undefined>): Promise<CachedCredential | undefined>
  forget(kind: CachedCredential['kind'], id: string): void
  forgetAll(): void
}

// A bound on memory, far above the credentials that are busy within one second.
const maxEntries = 10_000

export function createCredentialCache(clock: Clock, keepMs: number): CredentialCache {
  const kept = new Map<string, { readonly credential: CachedCredential; readonly until: number }>()
  let loading = new Map<string, Promise<CachedCredential | undefined>>()

  return {
    get(hash) {
      const entry = kept.get(hash)
      if (entry === undefined) return undefined
      if (entry.until > clock.now()) return entry.credential
      kept.delete(hash)
      return undefined
    },
    load(hash, find) {
      const underWay = loading.get(hash)
      if (underWay) return underWay
      const generation = loading
      const found = find()
        .then((credential) => {
          if (credential !== undefined && generation === loading) {
            if (kept.size >= maxEntries) dropOldest()
            kept.set(hash, { credential, until: clock.now() + keepMs })
          }
          return credential
        })
        .finally(() => generation.delete(hash))
      loading.set(hash, found)
      return found
    },
    forget(kind, id) {
      // Whoever asks from now on starts a load of their own, after the revocation.
      loading = new Map()
      for (const [hash, { credential }] of kept) {
        if (credential.kind === kind && credential.id === id) kept.delete(hash)
      }
    },
    forgetAll() {
      loading = new Map()
      kept.clear()
    },
  }

  function dropOldest(): void {
    const oldest = kept.keys().next()
    if (!oldest.done) kept.delete(oldest.value)
  }
}
