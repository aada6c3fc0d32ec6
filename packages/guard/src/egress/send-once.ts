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
        headers: outgoing.headers,
        agent: false,
        lookup: pinned(target),
        maxHeaderSize: 16_384,
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

/** Answers every look-up of this connection with the addresses that were checked. */
function pinned(target: CheckedTarget): LookupFunction {
  return (_host, options, done) => {
    const wanted = target.addresses.filter(({ family }) => !options.family || options.family === family)
    const first = wanted[0]
    if (first === undefined) done(new Error('No checked address of this family'), '', 4)
    else if (options.all) done(null, [...wanted])
    else done(null, first.address, first.family)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'failed'
}
