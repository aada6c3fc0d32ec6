// The guard's refusals in the same shape as all others, with our error pages as their type.
import { type Decision, type Guard, renderDecision } from '@levqor/guard'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { errorTypeBase, pathOf } from '../errors/problem-document.ts'
import { leadTo } from './send-problem.ts'

export function sendDenial(
  guard: Guard,
  decision: Decision,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const page = request.routeOptions.config.failsTo?.(decision.reason)
  if (page !== undefined) {
    leadTo(page, reply)
    return
  }
  const { status, headers, problem } = renderDecision(decision, {
    requestId: request.id,
    instance: pathOf(request.url),
    typeBase: errorTypeBase,
    fields: guard.rateLimitFields,
  })
  reply.code(status).headers(headers).send(JSON.stringify(problem))
}
