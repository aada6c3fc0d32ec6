// Webhooks in Next.js route handlers, or wherever a Request becomes a Response: reads the raw bytes up to the limit.
import type { Passage } from '../kernel/passage.ts'
import type { WebhookReceiver } from './create-webhook-receiver.ts'
import type { ReceivedWebhook } from './received-webhook.ts'
import { renderRefusal } from './render-refusal.ts'

/**
 * The handler of one sender's route; stands behind a door by itself. What `handle` returns is the answer: a Response,
 * something to send as JSON, or nothing.
 * @example
 * export const POST = guardNext(guard, 'webhooks', webhookNext(webhooks, 'stripe', (message) => enqueue(message)))
 */
export function webhookNext<S extends string>(
  receiver: WebhookReceiver<S>,
  sender: S,
  handle: (message: ReceivedWebhook, request: Request) => unknown,
): (request: Request, passage?: Passage) => Promise<Response> {
  return async (request, passage) => {
    const rawBody = await readBytes(request, receiver.maxBodyBytes(sender))
    const headers = Object.fromEntries(request.headers)
    const clientIp = passage?.clientIp
    const result = await receiver.receive({ sender, headers, rawBody, clientIp }, (message) =>
      handle(message, request),
    )
    if (result.outcome === 'refused') {
      const { status, headers, body } = renderRefusal(result.decision, new URL(request.url).pathname)
      return new Response(body, { status, headers })
    }
    const value = result.outcome === 'processed' ? result.value : undefined
    if (value instanceof Response) return value
    return value === undefined ? new Response(null) : Response.json(value)
  }
}

/** At most one chunk more than the limit, so that the receiver sees that it was too much; the rest is never read. */
async function readBytes(request: Request, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop cancels the stream.
  for await (const chunk of request.body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size > maxBytes) break
  }
  return Buffer.concat(chunks)
}
