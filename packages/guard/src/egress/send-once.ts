// One exchange with one checked target: no redirects, no connection reuse, no proxy from the environment.
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { CheckedTarget } from './check-target.ts'
import { egressError } from './egress-error.ts'

/** What is sent. Header names in lower case. */
export interface OutgoingRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
}

/** Resolves with the answer's head; its body has not been read. `signal` ends the exchange at any point. */
export function sendOnce(
  target: CheckedTarget,
  outgoing: OutgoingRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { url } = target
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const failed = (reason: string) =>
      reject(egressError('egress_failed', `The request failed (${reason}).`, url.hostname, reason))
    let request: ClientRequest
    try {
      request = send(url, {
        method: outgoing.method,
        headers: framed(outgoing),
        agent: false,
        lookup: pinned(target),
        maxHeaderSize: 16_384,
        // Whatever NODE_TLS_REJECT_UNAUTHORIZED says: these requests carry credentials.
        rejectUnauthorized: true,
        signal,
      })
    } catch (error) {
      failed(codeOf(error))
      return
    }
    request.on('response', resolve)
    request.on('error', (error) => failed(codeOf(error)))
    // A protocol switch nobody asked for, or a connection closed without an answer. Too late to matter otherwise.
    request.on('close', () => failed('closed'))
    request.end(outgoing.body)
  })
}

/**
 * Node sends a body with GET, HEAD, DELETE and OPTIONS without saying how long it is, so the receiver would take it
 * for the next request: one that a tenant wrote.
 */
function framed({ headers, body }: OutgoingRequest): Record<string, string> {
  if (body === undefined) return { ...headers }
  return { ...headers, 'content-length': String(Buffer.byteLength(body)) }
}

/** Answers every look-up of this connection with the addresses that were checked. */
function pinned({ addresses }: CheckedTarget): LookupFunction {
  const [first] = addresses
  return (_host, options, done) => {
    if (options.all) done(null, [...addresses])
    else done(null, first.address, first.family)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'failed'
}
