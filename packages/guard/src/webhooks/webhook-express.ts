// Webhooks in Express: reads the raw bytes for one route, whatever content type they claim.
import { type Request, type RequestHandler, raw } from 'express'
import type {} from '../express/guard-express.ts' // declares request.guard
import type { WebhookReceiver } from './create-webhook-receiver.ts'
import type { ReceivedWebhook } from './received-webhook.ts'
import { renderRefusal } from './render-refusal.ts'

/**
 * The handlers of one sender's route. Place it before `express.json()`: a body that was parsed already is refused.
 * What `handle` returns is the answer's body; nothing, and the answer is empty.
 * @example
 * app.post('/webhooks/stripe', webhookExpress(webhooks, 'stripe', (message) => enqueue(message)))
 */
export function webhookExpress<S extends string>(
  receiver: WebhookReceiver<S>,
  sender: S,
  handle: (message: ReceivedWebhook, request: Request) => unknown,
): RequestHandler[] {
  const receive: RequestHandler = async (request, response) => {
    const { headers, body: rawBody } = request
    const clientIp = request.guard?.clientIp ?? request.ip
    const result = await receiver.receive({ sender, headers, rawBody, clientIp }, (message) =>
      handle(message, request),
    )
    if (result.outcome === 'refused') {
      const { status, headers, body } = renderRefusal(result.decision, request.originalUrl)
      response.status(status).set(headers).send(body)
    } else {
      response.status(200).send(result.outcome === 'processed' ? result.value : undefined)
    }
  }
  // Inflating would verify other bytes than those that were sent; senders of webhooks do not compress.
  return [raw({ type: () => true, limit: receiver.maxBodyBytes(sender), inflate: false }), receive]
}
