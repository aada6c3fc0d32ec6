// A refusal as a Fastify answer.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { renderDecision } from '../decision/render-problem.ts'
import type { Decision, Guard } from '../index.ts'

/** Sends a refusal as a problem document with the headers that belong to it. */
export function sendDecision(
  guard: Guard,
  decision: Decision,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const query = request.url.indexOf('?')
  const { status, headers, body } = renderDecision(decision, {
    requestId: request.id,
    instance: query < 0 ? request.url : request.url.slice(0, query),
    fields: guard.rateLimitFields,
  })
  reply
    .code(status)
    .headers(headers)
    .send(body ?? undefined)
}
