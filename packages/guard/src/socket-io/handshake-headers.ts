// The headers of a handshake with its token where every other door has it. Browsers cannot set a header on a WebSocket,
// so Socket.IO clients send the token in `auth`. An address is never read: it ends up in logs.
import type { IncomingHttpHeaders } from 'node:http'

/** Longer than any token: what is longer is taken for shown, and never looked at. */
const longestToken = 8192

/** With `auth.token` as `Authorization: Bearer`; a token that is no text is none. */
export function handshakeHeaders(headers: IncomingHttpHeaders, auth: unknown): IncomingHttpHeaders {
  const token = typeof auth === 'object' && auth !== null && 'token' in auth ? auth.token : undefined
  if (typeof token !== 'string') return headers
  return { ...headers, authorization: `Bearer ${token.length > longestToken ? '' : token}` }
}
