// Webhooks in Fastify: routes that get the raw bytes, in a scope of their own, so that no parser of the application
// touches what was signed.
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type {} from '../fastify/guard-fastify.ts' // declares request.guard and config.door
import type { WebhookReceiver } from './create-webhook-receiver.ts'
import type { ReceivedWebhook } from './received-webhook.ts'
import { renderRefusal } from './render-refusal.ts'

/** One sender's route. */
export interface FastifyWebhookRoute {
  readonly url: string
  /** The door of the guard's policy, with `authentication: 'webhook'`. */
  readonly door: string
  /** What it returns is the answer's body; nothing, and the answer is empty. */
  handle(message: ReceivedWebhook, request: FastifyRequest): unknown
}

/**
 * A plugin with one POST route per sender. Bodies over the sender's limit are refused by Fastify while they arrive.
 * @example
 * await app.register(webhookFastify(webhooks, {
 *   stripe: { url: '/webhooks/stripe', door: 'webhooks', handle: (message) => enqueue(message) },
 * }))
 */
export function webhookFastify<S extends string>(
  receiver: WebhookReceiver<S>,
  routes: { readonly [K in S]?: FastifyWebhookRoute },
): FastifyPluginAsync {
  return async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    // A sender without a route is an absent key.
    for (const [name, route] of Object.entries(routes as Readonly<Record<string, FastifyWebhookRoute>>)) {
      const sender = name as S // a key of the routes
      scope.post(
        route.url,
        { config: { door: route.door }, bodyLimit: receiver.maxBodyBytes(sender) },
        (request, reply) => answer(sender, route, request, reply),
      )
    }
  }

  async function answer(
    sender: S,
    route: FastifyWebhookRoute,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { headers, body: rawBody, id: requestId } = request
    const clientIp = request.guard?.clientIp ?? request.ip
    const result = await receiver.receive({ sender, headers, rawBody, clientIp, requestId }, (message) =>
      route.handle(message, request),
    )
    if (result.outcome === 'refused') {
      const { status, headers, body } = renderRefusal(result.decision, request.url, requestId)
      return reply.code(status).headers(headers).send(body)
    }
    return reply.code(200).send(result.outcome === 'processed' ? result.value : undefined)
  }
}
