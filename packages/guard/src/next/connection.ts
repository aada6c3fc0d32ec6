// Where a request really came from, for servers that show their handlers only headers. Next.js keeps an
// `X-Forwarded-For` that the client sent and adds the socket's address only when there is none, so that header alone
// would let every client choose its own address. The stamp is written by Node itself, over whatever the client sent.
import { randomBytes } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/** The connection a request arrived on: the peer's address, never a header that a client can write. */
export interface Connection {
  readonly remoteAddress: string | undefined
  readonly encrypted: boolean
}

const header = 'x-guard-connection'
// Next bundles its entry points apart: the instrumentation file and the handlers meet only in the global object.
const secretKey = Symbol.for('@levqor/guard/next connection stamp')

/**
 * Writes the connection into every request that this process's HTTP servers receive, before anybody sees it. Call it
 * once, from `register()` in `instrumentation.ts`. Uses Node's own diagnostics channel; nothing is patched.
 */
export function stampConnections(): void {
  if (stampSecret() !== undefined) return
  const secret = randomBytes(16).toString('hex')
  Object.defineProperty(globalThis, secretKey, { value: secret })
  subscribe('http.server.request.start', (message) => {
    // What Node publishes on this channel: the request that has just been parsed, its socket and its server.
    const { request } = message as { readonly request: IncomingMessage }
    const scheme = 'encrypted' in request.socket ? 'https' : 'http'
    request.headers[header] = `${secret} ${scheme} ${request.socket.remoteAddress ?? ''}`
  })
}

/**
 * The stamped connection of a request. Without a stamp nothing is known: all callers then share one address, which is
 * safe and slow, and is said once on standard error.
 */
export function stampedConnection(request: Request): Connection {
  const secret = stampSecret()
  const [proof, scheme, address = ''] = request.headers.get(header)?.split(' ') ?? []
  if (secret === undefined || proof !== secret) {
    warnOnce()
    return { remoteAddress: undefined, encrypted: false }
  }
  return { remoteAddress: address === '' ? undefined : address, encrypted: scheme === 'https' }
}

function stampSecret(): unknown {
  return Reflect.get(globalThis, secretKey)
}

let warned = false
function warnOnce(): void {
  if (warned) return
  warned = true
  process.emitWarning(
    'The guard cannot see where requests come from, so all callers share one limit. Call stampConnections() in instrumentation.ts, or give the option "connection".',
    { code: 'GUARD_NO_CONNECTION' },
  )
}
