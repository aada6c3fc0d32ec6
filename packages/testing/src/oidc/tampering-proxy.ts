// Stands in front of a real provider and changes what it says, as an attacker in its place could.

import type { KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import { type IdToken, readJwt, writeJwt } from './compact-jwt.ts'

type Json = Readonly<Record<string, unknown>>

/** What is changed on its way out; nothing unless a test says so. */
export interface Tampering {
  /** Signed again with the provider's own key, unless another is given; null: not signed at all. */
  idToken?: (token: IdToken) => IdToken & { readonly key?: KeyObject | null }
  jwks?: (keys: readonly Json[]) => readonly Json[]
  metadata?: (metadata: Json) => Json
  /** Answers by itself: true when it did. */
  answer?: (path: string, response: ServerResponse) => boolean
}

export interface TamperingProxy {
  readonly url: string
  readonly tampering: Tampering
  /** Paths asked for, in order. */
  readonly hits: string[]
  close(): Promise<void>
}

export async function tamperingProxy(
  target: () => { readonly port: number; readonly key: KeyObject },
): Promise<TamperingProxy> {
  const tampering: Tampering = {}
  const hits: string[] = []

  function changed(path: string, body: string): string {
    const json = (): Json => JSON.parse(body)
    if (path.endsWith('/token') && tampering.idToken) {
      const answer = json()
      if (typeof answer.id_token !== 'string') return body
      const { key, ...token } = tampering.idToken(readJwt(answer.id_token))
      const signing = key === undefined ? target().key : (key ?? undefined)
      return JSON.stringify({ ...answer, id_token: writeJwt(token, signing) })
    }
    if (path.endsWith('/jwks') && tampering.jwks) {
      const { keys } = json()
      return JSON.stringify({ keys: tampering.jwks(Array.isArray(keys) ? keys : []) })
    }
    if (path.endsWith('/openid-configuration') && tampering.metadata) {
      return JSON.stringify(tampering.metadata(json()))
    }
    return body
  }

  function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const path = new URL(incoming.url ?? '/', 'http://proxy').pathname
    hits.push(path)
    if (tampering.answer?.(path, outgoing)) return
    const { method, url, headers } = incoming
    // The Host header stays: the provider builds its addresses from it.
    const options = { host: '127.0.0.1', port: target().port, path: url, method, headers }
    const asked = send(options, async (response) => {
      const chunks: Uint8Array[] = []
      for await (const chunk of response) chunks.push(chunk)
      const body = changed(path, Buffer.concat(chunks).toString('utf8'))
      const { 'content-length': _, 'transfer-encoding': __, ...kept } = response.headers
      outgoing.writeHead(response.statusCode ?? 502, kept).end(body)
    })
    asked.on('error', () => outgoing.destroy())
    incoming.pipe(asked)
  }

  const server = createServer(forward)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The proxy has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    tampering,
    hits,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
