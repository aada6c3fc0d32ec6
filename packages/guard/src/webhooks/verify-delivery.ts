// Decides whether a delivery is what its sender sent: signature over the raw bytes, in constant time, and age.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type DeliveryHeaders, readClaim } from './read-claim.ts'
import type { WebhookProvider } from './webhook-providers.ts'
import type { WebhookRefusal } from './webhook-refusal.ts'

/** What to verify. */
export interface DeliveryToVerify {
  readonly headers: DeliveryHeaders
  /** The bytes as received. Text stands for its UTF-8 bytes. */
  readonly body: string | Uint8Array
  readonly provider: WebhookProvider
  /** Made by the row's `keyOf`. */
  readonly keys: readonly Buffer[]
  readonly nowMs: number
  readonly toleranceMs: number
}

/** The finding. */
export type Verification =
  | {
      readonly valid: true
      /** The signed id; absent when the provider signs none outside the body. */
      readonly id?: string
      /** Epoch milliseconds; absent when the provider signs no time. */
      readonly signedAtMs?: number
      /** What was signed before the body. */
      readonly signedBefore: string
    }
  | { readonly valid: false; readonly reason: WebhookRefusal }

/** Verifies one delivery: at most one HMAC per key, whatever the headers hold. Never throws. */
export function verifyDelivery(delivery: DeliveryToVerify): Verification {
  const { headers, body, provider, keys, nowMs, toleranceMs } = delivery
  const claim = readClaim(headers, provider)
  if (typeof claim === 'string') return { valid: false, reason: claim }
  const signedAtMs = claim.time === '' ? undefined : Number(claim.time) * 1000
  if (signedAtMs !== undefined) {
    if (nowMs - signedAtMs > toleranceMs) return { valid: false, reason: 'too_old' }
    if (signedAtMs - nowMs > toleranceMs) return { valid: false, reason: 'too_new' }
  }
  const signedBefore = provider.signedBefore(claim.time, claim.id)
  const { signature: form } = provider
  const genuine =
    form === undefined
      ? keys.some((key) => timingSafeEqual(sha256(claim.header), sha256(key)))
      : keys.some((key) => {
          const mac = createHmac('sha256', key).update(signedBefore).update(body).digest(form.encoding)
          return claim.signatures.some((signature) => sameText(signature, mac))
        })
  if (!genuine) {
    return { valid: false, reason: form === undefined ? 'secret_wrong' : 'signature_wrong' }
  }
  return {
    valid: true,
    signedBefore,
    ...(claim.id === '' ? {} : { id: claim.id }),
    ...(signedAtMs === undefined ? {} : { signedAtMs }),
  }
}

/** Compares as written, not as decoded: then no second spelling of a signature exists. */
function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Equal lengths for the comparison, whatever was sent. */
function sha256(value: string | Buffer): Buffer {
  return createHash('sha256').update(value).digest()
}
