// A request that claims to be a webhook, and what a handler is given of it.
import type { DeliveryHeaders } from './read-claim.ts'
import type { WebhookTrust } from './webhook-providers.ts'

/** One request of a sender. */
export interface WebhookDelivery<S extends string = string> {
  /** A name of {@link WebhookPolicy.senders}. */
  readonly sender: S
  /** Names in lower case, as Node gives them. */
  readonly headers: DeliveryHeaders
  /** The bytes as received. Anything else (a parsed body) is refused: what was signed cannot be rebuilt from it. */
  readonly rawBody: unknown
  readonly clientIp?: string | undefined
  readonly requestId?: string | undefined
}

/** What a handler gets. What is in here was proven as far as `trust` says; other headers of the request were not. */
export interface ReceivedWebhook {
  readonly sender: string
  readonly trust: WebhookTrust
  readonly body: Buffer
  /** What the sender calls this message, equal for its repeats; absent when the provider signs no id. */
  readonly id?: string
  /** Epoch milliseconds of this attempt; absent when the provider signs no time. */
  readonly signedAtMs?: number
}

/** The same bytes as a Buffer; none for what is not bytes. */
export function bytesOf(rawBody: unknown): Buffer {
  if (Buffer.isBuffer(rawBody)) return rawBody
  if (!(rawBody instanceof Uint8Array)) return Buffer.alloc(0)
  return Buffer.from(rawBody.buffer, rawBody.byteOffset, rawBody.byteLength)
}
