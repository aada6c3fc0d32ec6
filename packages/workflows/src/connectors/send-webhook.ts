// Sends one signed message (standardwebhooks.com): shared by webhook.send and by the callbacks of finished jobs.
import { signWebhook } from '@levqor/guard/webhooks'
import { taskError } from '@levqor/jobs'
import { callEgress, checkStatus } from './call-egress.ts'
import type { Clock, Egress } from './connector.ts'
import { decodeBody } from './decode-body.ts'

export interface WebhookSender {
  readonly egress: Egress
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly workspaceId: string
  webhookSecret(workspaceId: string): Promise<string>
}

export interface WebhookMessage {
  /** Equal for all tries of one message; no dots. */
  readonly id: string
  readonly type: string
  /** When it happened, epoch milliseconds; equal for all tries. */
  readonly occurredAt: number
  readonly data: unknown
}

/**
 * @throws WorkflowError `http_status` unless the answer is 2xx (410 and most other 4xx are final); TaskError with
 * the guard's `egress_…` codes
 */
export async function sendWebhook(
  sender: WebhookSender,
  url: string,
  { id, type, occurredAt, data }: WebhookMessage,
  timeoutMs = 15_000,
): Promise<{ readonly status: number; readonly id: string }> {
  const body = JSON.stringify({ type, timestamp: new Date(occurredAt).toISOString(), data })
  const secret = await sender.webhookSecret(sender.workspaceId)
  const signature = signWebhook({ id, timestampMs: sender.clock.now(), body }, secret)
  const response = await callEgress(sender.egress, url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signature },
    body,
    timeoutMs,
    maxBytes: 100_000,
    // A redirected POST would lose its body or show it to somebody else.
    maxRedirects: 0,
    signal: sender.signal,
  })
  checkStatus(response, decodeBody(response.body, response.headers['content-type']), sender.clock)
  if (response.status >= 300) {
    const message = `The receiver answered with status ${response.status}; it must answer with 200 to 299.`
    throw taskError({ code: 'http_status', message, final: true, details: { status: response.status } })
  }
  return { status: response.status, id }
}
