// Bytes that are no HTTP request never reach a route: answered on the socket itself, then cut off.
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { findError } from '../errors/catalogue.ts'
import { problemContentType, problemDocument } from '../errors/problem-document.ts'
import { translateError } from '../errors/translate-error.ts'

export function answerBrokenRequest(error: { readonly code?: string }, socket: Socket): void {
  // Nobody is listening any more, or an answer is already under way on this connection.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy()
    return
  }
  const foreseen = translateError(error)
  const translated = foreseen.unexpected ? translateError({ code: 'malformed_request' }) : foreseen
  const document = problemDocument(translated, { id: randomUUID() })
  const body = JSON.stringify(document)
  const status = findError(document.code)?.status ?? 400
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Bad Request'}`,
      `Content-Type: ${problemContentType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${document.request_id}`,
      'X-Content-Type-Options: nosniff',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}
