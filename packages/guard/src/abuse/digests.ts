// Names in the abuse stores: keyed digests, so that a copy of a table names no person, device or address.
import { createHmac } from 'node:crypto'
import { deriveKey } from '../secrets/derive-key.ts'
import type { Secret } from '../secrets/secret.ts'

/** The digest of some parts. Parts that join to the same text have different digests. */
export type Digest = (...parts: readonly string[]) => string

const longestPart = 1024

/** Binds digests to a key for one purpose, derived from the secret. */
export function createDigest(secret: Secret, purpose: string): Digest {
  const key = deriveKey(secret, `guard/abuse/${purpose}`)
  return (...parts) => {
    const bounded = parts.map((part) => [part.length, part.slice(0, longestPart)])
    return createHmac('sha256', key).update(JSON.stringify(bounded)).digest('base64url').slice(0, 32)
  }
}
