// The only body that is read: JSON in UTF-8, of bounded depth. Everything else is refused before a route sees it.
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { serviceError } from '../errors/service-error.ts'
import { repeatsName } from './repeated-name.ts'

/** Requests larger than this are refused with `body_too_large`. */
export const bodyLimitBytes = 512 * 1024

/** A value that nests deeper would overflow the stack of whatever walks it later. */
export const maxNesting = 100

export function acceptJsonOnly(app: FastifyInstance): void {
  // Refuses `__proto__` and `constructor.prototype` keys as well.
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const refused = refusedEncoding(request.headers)
    if (refused !== undefined) return done(serviceError('unsupported_media_type', { detail: refused }))
    // Clients send the header with an empty body when a route takes none; a route that needs one will miss it.
    if (body.length === 0) return done(null, undefined)
    if (!isUtf8(body)) return done(serviceError('malformed_json', { detail: 'The body is not UTF-8.' }))
    if (nestsDeeper(body, maxNesting)) {
      return done(serviceError('malformed_json', { detail: `Nest values at most ${maxNesting} deep.` }))
    }
    const text = body.toString('utf8')
    return parse(request, text, (error: Error | null, value: unknown) => {
      if (error) done(serviceError('malformed_json', { cause: error }))
      else if (repeatsName(text)) done(serviceError('malformed_json', { detail: 'Give each field once.' }))
      else done(null, value)
    })
  })
}

// A body that says it is something else than it is read as would be misunderstood, not refused.
function refusedEncoding(headers: IncomingHttpHeaders): string | undefined {
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') return 'Send the body without Content-Encoding.'
  const charset = /;\s*charset="?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8'
  return /^utf-?8$/i.test(charset) ? undefined : 'Send the body in UTF-8.'
}

const quote = 0x22
const backslash = 0x5c
const openers = new Set([0x5b, 0x7b])
const closers = new Set([0x5d, 0x7d])

function nestsDeeper(body: Buffer, limit: number): boolean {
  if (body.length <= limit) return false
  let depth = 0
  let inText = false
  for (let i = 0; i < body.length; i++) {
    const byte = body[i] ?? 0
    if (inText) {
      if (byte === backslash) i++
      else if (byte === quote) inText = false
    } else if (byte === quote) inText = true
    else if (openers.has(byte)) {
      if (++depth > limit) return true
    } else if (closers.has(byte)) depth--
  }
  return false
}
