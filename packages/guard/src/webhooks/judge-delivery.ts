// Is a delivery genuine, and under which key is it remembered? Decides without changing anything.
import { createHash } from 'node:crypto'
import type { DecisionReason } from '../decision/reasons.ts'
import type { CompiledSender } from './compile-senders.ts'
import { bytesOf, type ReceivedWebhook, type WebhookDelivery } from './received-webhook.ts'
import { verifyDelivery } from './verify-delivery.ts'
import type { WebhookRefusal } from './webhook-refusal.ts'

/** The finding. `replayKey` is a digest: stores hold no id and nothing of a body. */
export type WebhookFinding =
  | { readonly genuine: true; readonly message: ReceivedWebhook; readonly replayKey: string }
  | {
      readonly genuine: false
      readonly reason: Extract<DecisionReason, 'webhook_invalid' | 'webhook_closed' | 'payload_too_large'>
      /** Precise, for the event only. */
      readonly cause: WebhookRefusal | 'sender_unknown' | 'body_too_large' | 'no_secret'
    }

/** Judges one delivery, in bounded work and without throwing, whatever it holds. */
export function judgeDelivery(
  sender: CompiledSender | undefined,
  delivery: WebhookDelivery,
  nowMs: number,
  toleranceMs: number,
): WebhookFinding {
  const { headers, rawBody } = delivery
  if (sender === undefined) return invalid('sender_unknown')
  if (!(rawBody instanceof Uint8Array)) return invalid('body_not_raw')
  const body = bytesOf(rawBody)
  if (body.length > sender.maxBodyBytes) {
    return { genuine: false, reason: 'payload_too_large', cause: 'body_too_large' }
  }
  const keys = sender.keys(nowMs)
  if (keys.length === 0) return { genuine: false, reason: 'webhook_closed', cause: 'no_secret' }
  const { provider } = sender
  const verified = verifyDelivery({ headers, body, provider, keys, nowMs, toleranceMs })
  if (!verified.valid) return invalid(verified.reason)
  const id = verified.id ?? provider.idIn?.(parsed(body))
  if (id === undefined && provider.idRequired) return invalid('id_missing')
  const { signedAtMs, signedBefore } = verified
  return {
    genuine: true,
    replayKey: replayKey(sender.name, id === undefined ? { signedBefore, body } : { id }),
    message: {
      sender: sender.name,
      trust: provider.trust,
      body,
      ...(id === undefined ? {} : { id }),
      ...(signedAtMs === undefined ? {} : { signedAtMs }),
    },
  }
}

/** An id, or else all signed bytes. The two can never be taken for each other. */
function replayKey(
  sender: string,
  what: { readonly id: string } | { readonly signedBefore: string; readonly body: Buffer },
): string {
  const hash = createHash('sha256')
  if ('id' in what) hash.update('id|').update(what.id)
  else hash.update('bytes|').update(what.signedBefore).update(what.body)
  return `${sender}:${hash.digest('base64url')}`
}

function invalid(cause: WebhookRefusal | 'sender_unknown'): WebhookFinding {
  return { genuine: false, reason: 'webhook_invalid', cause }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
