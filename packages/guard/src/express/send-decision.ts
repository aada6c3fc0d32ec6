// A refusal as an Express answer.
import type { Request, Response } from 'express'
import { type Decision, type Guard, renderDecision } from '../index.ts'

/** Sends a refusal as a problem document with the headers that belong to it. */
export function sendDecision(
  guard: Guard,
  decision: Decision,
  requestId: string | undefined,
  request: Request,
  response: Response,
): void {
  const query = request.originalUrl.indexOf('?')
  const instance = query < 0 ? request.originalUrl : request.originalUrl.slice(0, query)
  const context = {
    instance,
    fields: guard.rateLimitFields,
    ...(requestId === undefined ? {} : { requestId }),
  }
  const { status, headers, body } = renderDecision(decision, context)
  // The client may still be sending a body that nobody will read.
  if (hasBody(request)) response.setHeader('connection', 'close')
  response.writeHead(status, headers).end(body)
}

function hasBody(request: Request): boolean {
  const length = request.headers['content-length']
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}
