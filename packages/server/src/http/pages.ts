// Mounts a page renderer (Next.js) at the root: it reads and writes the raw request and response, behind its door.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

export interface Pages {
  readonly door: string
  /** Files that never change under their name: another door, without a page's limits. */
  readonly assets?: { readonly door: string; readonly path: string }
  /** Renders. The guard has put the page's nonce into the request's `content-security-policy` header. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
}

export async function mountPages(app: FastifyInstance, pages: Pages): Promise<void> {
  await app.register(async (scope) => {
    // The renderer reads bodies itself.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    // Read by @fastify/swagger; Fastify itself knows nothing of it.
    const schema: object = { hide: true }
    const routes = [
      { method: ['GET', 'HEAD', 'POST'], url: '/*', door: pages.door },
      ...(pages.assets ? [{ method: ['GET', 'HEAD'], url: pages.assets.path, door: pages.assets.door }] : []),
    ]
    for (const { method, url, door } of routes) {
      scope.route({
        method,
        url,
        config: { door, quiet: true },
        schema,
        handler: (request, reply) => {
          for (const [name, value] of Object.entries(reply.getHeaders())) {
            // What hooks have set for the answer goes onto the raw response, on which the renderer writes.
            if (value !== undefined && !reply.raw.hasHeader(name)) reply.raw.setHeader(name, value)
          }
          reply.hijack()
          pages.handle(request.raw, reply.raw).catch((error: unknown) => {
            request.log.error({ err: error }, 'A page could not be rendered.')
            if (!reply.raw.headersSent) {
              reply.raw.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
            }
            reply.raw.end('Something went wrong. The request id is in the X-Request-Id header.\n')
          })
        },
      })
    }
  })
}
