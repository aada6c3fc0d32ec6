// A local web server that plays the outside world and remembers every request.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'

export interface Hit {
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface HttpFixture {
  /** `http://127.0.0.1:<port>` without a trailing slash. */
  readonly url: string
  /** Every request received, in order. */
  readonly hits: readonly Hit[]
  close(): Promise<void>
}

/** What to answer: a body, a full reply, or nothing when the handler wrote to `response` itself. */
export type HttpReply =
  | string
  | {
      readonly status?: number
      readonly headers?: Record<string, string>
      readonly body?: string | Uint8Array
    }
  | undefined

/**
 * Starts a server on a free loopback port. The hit is recorded before the handler runs, so that a test can
 * wait for a request that is never answered. A handler that throws answers 500 with the error's message.
 *
 * @example const site = await httpFixture(() => '<title>Hello</title>')
 */
export async function httpFixture(
  handler: (hit: Hit, response: ServerResponse) => HttpReply | Promise<HttpReply>,
): Promise<HttpFixture> {
  const hits: Hit[] = []
  const server = createServer(async (request, response) => {
    try {
      const chunks: Uint8Array[] = []
      for await (const chunk of request) chunks.push(chunk)
      const hit: Hit = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }
      hits.push(hit)
      const reply = await handler(hit, response)
      if (reply === undefined) return
      const { status = 200, headers = {}, body = '' } = typeof reply === 'string' ? { body: reply } : reply
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body)
    } catch (error) {
      // A caller that hung up in the middle of its body has nobody left to answer.
      if (response.headersSent || response.destroyed) response.destroy()
      else response.writeHead(500).end(error instanceof Error ? error.message : String(error))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The fixture has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    hits,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
