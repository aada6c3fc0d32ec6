// The edge: whatever was thrown becomes a problem document, and what nobody foresaw is logged with its stack.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { problemContentType, problemDocument } from '../errors/problem-document.ts'
import { translateError } from '../errors/translate-error.ts'

/** 303: the browser asks for the page itself and sends nothing of this request along. */
export function leadTo(page: string, reply: FastifyReply): FastifyReply {
  return reply
    .code(303)
    .header('location', page)
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .send()
}

/** Answers with the problem that the error stands for. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const translated = translateError(error)
  if (translated.unexpected) request.log.error({ err: error }, 'A request failed unexpectedly.')
  else if (translated.facts.status >= 500) request.log.warn({ err: error }, 'A request could not be served.')
  const page = request.routeOptions.config.failsTo?.(translated.code)
  if (page !== undefined) return leadTo(page, reply)
  const document = problemDocument(translated, { id: request.id, url: request.url })
  if (document.retry_after !== undefined) reply.header('retry-after', String(document.retry_after))
  // RFC 9110 section 15.5.2: a 401 must say how to authenticate.
  if (document.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(document.status)
    .header('content-type', problemContentType)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(document))
}
