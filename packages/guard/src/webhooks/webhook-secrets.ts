// Secrets of webhooks as data: each with the time in which it is in force, so that old and new overlap while both
// sides change over. The same list signs what goes out and verifies what comes in.
import { randomBytes } from 'node:crypto'
import { createSecret, type Secret } from '../secrets/secret.ts'

/** One secret and when it counts. */
export interface WebhookSecret {
  readonly secret: Secret
  /** In force from this moment on, epoch milliseconds (default always). */
  readonly fromMs?: number
  /** Not in force any more from this moment on, epoch milliseconds (default never). */
  readonly untilMs?: number
}

/** A new secret: `whsec_` and 256 bits in base64. */
export function createWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

/** The texts of those in force now, in the list's order. */
export function secretsInForce(secrets: readonly WebhookSecret[], nowMs: number): string[] {
  return secrets.filter((entry) => isInForce(entry, nowMs)).map(({ secret }) => secret.reveal())
}

/** Whether a secret counts now. */
export function isInForce({ fromMs = -Infinity, untilMs = Infinity }: WebhookSecret, nowMs: number): boolean {
  return fromMs <= nowMs && nowMs < untilMs
}

/**
 * The list after a change of secret: the new one first, every older one until the overlap is over. What has ended
 * already is left out. Plain data: whoever keeps it decides where.
 * @example
 * secrets = rotateWebhookSecret(secrets, { nowMs: clock.now() })
 * const headers = signWebhook(message, secretsInForce(secrets, clock.now()))
 */
export function rotateWebhookSecret(
  secrets: readonly WebhookSecret[],
  options: {
    readonly nowMs: number
    /** How long the old ones go on (default one day). */
    readonly overlapMs?: number
    /** Default a new {@link createWebhookSecret}; for a sender of its own it is the one that sender gave. */
    readonly next?: Secret
  },
): readonly WebhookSecret[] {
  const { nowMs, overlapMs = 86_400_000 } = options
  const next = options.next ?? createSecret(createWebhookSecret(), { name: 'webhook secret' })
  const ending = secrets
    .filter(({ untilMs = Infinity }) => untilMs > nowMs)
    .map((entry) => ({ ...entry, untilMs: Math.min(entry.untilMs ?? Infinity, nowMs + overlapMs) }))
  return [{ secret: next, fromMs: nowMs }, ...ending]
}
