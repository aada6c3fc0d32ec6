// Signatures of outgoing webhooks (standardwebhooks.com, version 1): HMAC-SHA256 over "id.time.body", on raw bytes,
// with several secrets at once while one replaces another.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { guardError } from '../errors.ts'

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

/** Why a message was refused. For our own records; the sender is told nothing but 401. */
export type WebhookRefusal =
  | 'header_missing'
  | 'id_bad'
  | 'timestamp_bad'
  | 'too_old'
  | 'too_new'
  | 'signature_wrong'

/** The answer of {@link verifyWebhook}. */
export type WebhookVerdict =
  | { readonly valid: true; readonly id: string; readonly timestampMs: number }
  | { readonly valid: false; readonly reason: WebhookRefusal }

const secretPrefix = 'whsec_'
/** An attacker's list of signatures is read this far and no further. */
const mostSignatures = 16

/** A new secret: `whsec_` and 256 bits in base64. */
export function createWebhookSecret(): string {
  return `${secretPrefix}${randomBytes(32).toString('base64')}`
}

/**
 * Signs a message with one secret or, during rotation, with several.
 * @throws GuardError `bad_webhook_secret`
 * @example
 * const headers = signWebhook({ id: 'msg_1', timestampMs: clock.now(), body }, secret)
 */
export function signWebhook(message: WebhookMessage, secrets: string | readonly string[]): WebhookHeaders {
  const seconds = String(Math.floor(message.timestampMs / 1000))
  if (!isPlainId(message.id)) {
    throw new RangeError('A webhook id is not empty and has no dot')
  }
  const signatures = [secrets].flat().map((secret) => {
    return `v1,${digest(keyOf(secret), message.id, seconds, message.body).toString('base64')}`
  })
  return {
    'webhook-id': message.id,
    'webhook-timestamp': seconds,
    'webhook-signature': signatures.join(' '),
  }
}

/** Settings of {@link verifyWebhook}. */
export interface VerifyWebhookOptions {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The raw bytes as received. */
  readonly body: string | Uint8Array
  readonly secrets: string | readonly string[]
  readonly nowMs: number
  /** Into the past and into the future (default 300). */
  readonly toleranceSeconds?: number
}

/**
 * Verifies a message. Never throws for anything a sender can write.
 * @throws GuardError `bad_webhook_secret`
 */
export function verifyWebhook(options: VerifyWebhookOptions): WebhookVerdict {
  const { headers, body, nowMs, toleranceSeconds = 300 } = options
  const keys = [options.secrets].flat().map(keyOf)
  const id = headers['webhook-id']
  const seconds = headers['webhook-timestamp']
  const list = headers['webhook-signature']
  if (typeof id !== 'string' || typeof seconds !== 'string' || typeof list !== 'string') {
    return { valid: false, reason: 'header_missing' }
  }
  if (!isPlainId(id)) return { valid: false, reason: 'id_bad' }
  if (!/^[1-9]\d{0,11}$/.test(seconds)) return { valid: false, reason: 'timestamp_bad' }
  const ageSeconds = nowMs / 1000 - Number(seconds)
  if (ageSeconds > toleranceSeconds) return { valid: false, reason: 'too_old' }
  if (ageSeconds < -toleranceSeconds) return { valid: false, reason: 'too_new' }
  const given = list.split(' ', mostSignatures).flatMap((entry) => readSignature(entry) ?? [])
  const valid = keys.some((key) => {
    const expected = digest(key, id, seconds, body)
    return given.some((signature) => timingSafeEqual(signature, expected))
  })
  return valid
    ? { valid: true, id, timestampMs: Number(seconds) * 1000 }
    : { valid: false, reason: 'signature_wrong' }
}

/** With a dot in the id, "a.1.2.x" could be read as two different messages with one signature. */
function isPlainId(id: string): boolean {
  return id !== '' && id.length <= 256 && !id.includes('.')
}

function digest(key: Buffer, id: string, seconds: string, body: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${id}.${seconds}.`).update(body).digest()
}

/** Only canonical base64 of exactly 32 bytes: any changed character must fail. */
function readSignature(entry: string): Buffer | undefined {
  if (!entry.startsWith('v1,')) return undefined
  const text = entry.slice(3)
  if (text.length !== 44) return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === 32 && bytes.toString('base64') === text ? bytes : undefined
}

function keyOf(secret: string): Buffer {
  const text = secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : ''
  const key = Buffer.from(text, 'base64')
  if (key.length < 24 || key.length > 64 || key.toString('base64') !== text) {
    throw guardError('bad_webhook_secret', 'A webhook secret is whsec_ and 24 to 64 bytes in base64.')
  }
  return key
}
