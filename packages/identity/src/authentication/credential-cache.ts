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

/** The header a credential came in; a cookie's name says how it was served, so the same text on plain HTTP is another. */
export type HeaderKind = 'secureCookie' | 'plainCookie' | 'key'

export interface CredentialCache {
  get(hash: string): CachedCredential | undefined
  /** By a header's whole text, without reading it and without a digest, while what it led to is remembered. */
  recall(kind: HeaderKind, header: string): CachedCredential | undefined
  /** The header led to what {@link get} gives now; without effect if that is nothing. */
  associate(kind: HeaderKind, header: string, hash: string): void
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
// Longer headers are read each time: the memory for texts is bounded, too.
const maxHeaderLength = 512

interface Entry {
  readonly credential: CachedCredential
  /** Epoch milliseconds; 0 once it is forgotten. */
  until: number
}

export function createCredentialCache(clock: Clock, keepMs: number): CredentialCache {
  const kept = new Map<string, Entry>()
  // Apart from the digests: a digest sent as a header must lead nowhere. Texts that open something stay only a moment.
  const headers: Record<HeaderKind, Map<string, Entry>> = {
    secureCookie: new Map(),
    plainCookie: new Map(),
    key: new Map(),
  }
  let sweep: NodeJS.Timeout | undefined
  let loading = new Map<string, Promise<CachedCredential | undefined>>()

  return {
    get(hash) {
      const entry = kept.get(hash)
      if (entry === undefined) return undefined
      if (entry.until > clock.now()) return entry.credential
      drop(hash, entry)
      return undefined
    },
    recall(kind, header) {
      const entry = headers[kind].get(header)
      return entry !== undefined && entry.until > clock.now() ? entry.credential : undefined
    },
    associate(kind, header, hash) {
      const entry = kept.get(hash)
      const known = headers[kind]
      if (entry === undefined || header.length > maxHeaderLength || known.size >= maxEntries) return
      known.set(header, entry)
      sweep ??= setTimeout(forgetHeaders, keepMs).unref()
    },
    load(hash, find) {
      const underWay = loading.get(hash)
      if (underWay) return underWay
      const generation = loading
      const found = find()
        .then((credential) => {
          if (credential !== undefined && generation === loading) {
            const before = kept.get(hash)
            if (before) drop(hash, before)
            else if (kept.size >= maxEntries) dropOldest()
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
      for (const [hash, entry] of kept) {
        if (entry.credential.kind === kind && entry.credential.id === id) drop(hash, entry)
      }
    },
    forgetAll() {
      loading = new Map()
      kept.clear()
      forgetHeaders()
    },
  }

  /** Headers that lead to the entry lead nowhere from now on. */
  function drop(hash: string, entry: Entry): void {
    entry.until = 0
    kept.delete(hash)
  }

  function forgetHeaders(): void {
    clearTimeout(sweep)
    sweep = undefined
    for (const known of Object.values(headers)) known.clear()
  }

  function dropOldest(): void {
    const oldest = kept.entries().next()
    if (!oldest.done) drop(...oldest.value)
  }
}
