// Signatures of the webhooks that we send (standardwebhooks.com, version 1): HMAC-SHA256 over "id.time.body", on raw
// bytes, with several secrets at once while one replaces another. Receivers verify them with the same row of the table.
import { createHmac } from 'node:crypto'
import { guardError } from '../errors.ts'
import { type DeliveryHeaders, isWebhookId } from './read-claim.ts'
import { verifyDelivery } from './verify-delivery.ts'
import { standardKey, webhookProviders } from './webhook-providers.ts'
import type { WebhookRefusal } from './webhook-refusal.ts'

/** What is signed. */
export interface WebhookMessage {
  /** Unique per message, equal for its retries. */
  readonly id: string
  /** Epoch milliseconds of this attempt. */
  readonly timestampMs: number
  /** The exact bytes that are sent. */
  readonly body: string | Uint8Array
}

/** The three headers of a signed message. A type, not an interface, so that it fits any record of headers. */
export type WebhookHeaders = Readonly<
  Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>
>

/** The answer of {@link verifyWebhook}. */
export type WebhookVerdict =
  | { readonly valid: true; readonly id: string; readonly timestampMs: number }
  | { readonly valid: false; readonly reason: WebhookRefusal }

/**
 * Signs a message with one secret or, during rotation, with several ({@link secretsInForce}).
 * @throws GuardError `bad_webhook_secret`
 * @throws RangeError for an id with a dot: the standard forbids senders what some receivers would misread
 * @example
 * const headers = signWebhook({ id: 'msg_1', timestampMs: clock.now(), body }, secret)
 */
export function signWebhook(message: WebhookMessage, secrets: string | readonly string[]): WebhookHeaders {
  const { id, body } = message
  const seconds = String(Math.floor(message.timestampMs / 1000))
  if (!isWebhookId(id) || id.includes('.')) {
    throw new RangeError('A webhook id is 1 to 256 visible ASCII characters and has no dot')
  }
  const signatures = keysOf(secrets).map((key) => {
    const digest = createHmac('sha256', key).update(`${id}.${seconds}.`).update(body).digest('base64')
    return `v1,${digest}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') }
}

/** Settings of {@link verifyWebhook}. */
export interface VerifyWebhookOptions {
  readonly headers: DeliveryHeaders
  /** The raw bytes as received. */
  readonly body: string | Uint8Array
  readonly secrets: string | readonly string[]
  readonly nowMs: number
  /** Into the past and into the future (default 300). */
  readonly toleranceSeconds?: number
}

/**
 * Verifies a message of ours, or of any other sender by the standard. Says nothing about replays: a server receives
 * through {@link createWebhookReceiver}. Never throws for anything a sender can write.
 * @throws GuardError `bad_webhook_secret`
 */
export function verifyWebhook(options: VerifyWebhookOptions): WebhookVerdict {
  const { headers, body, nowMs, toleranceSeconds = 300 } = options
  const verified = verifyDelivery({
    headers,
    body,
    provider: webhookProviders['standard-webhooks'],
    keys: keysOf(options.secrets),
    nowMs,
    toleranceMs: toleranceSeconds * 1000,
  })
  if (!verified.valid) return verified
  return { valid: true, id: verified.id ?? '', timestampMs: verified.signedAtMs ?? 0 }
}

function keysOf(secrets: string | readonly string[]): Buffer[] {
  return [secrets].flat().map((secret) => {
    const key = standardKey(secret)
    if (key !== undefined) return key
    const { secretForm } = webhookProviders['standard-webhooks']
    throw guardError('bad_webhook_secret', `A webhook secret is ${secretForm}.`)
  })
}
