// One identifier from the caller's own logs through ours: accepted when it is well-formed, made otherwise.
import type { IncomingHttpHeaders } from 'node:http'
import type { Ids } from '../ids.ts'

const wellFormed = /^[A-Za-z0-9._-]{1,128}$/

/** Anything else could forge log lines or grow without bound. */
export function correlationId(headers: IncomingHttpHeaders, ids: Ids): string {
  for (const name of ['x-request-id', 'x-correlation-id']) {
    const given = headers[name]
    if (typeof given === 'string' && wellFormed.test(given)) return given
  }
  return ids.next()
}
