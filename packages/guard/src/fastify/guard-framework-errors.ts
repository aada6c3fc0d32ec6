// Addresses that Fastify itself cannot read (a broken escape, a part that is too long) reach no hook: without this they
// would pass the guard by, uncounted and without its headers.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Guard } from '../index.ts'
import { exchangeOf } from './exchange-of.ts'
import type { GuardFastifyOptions } from './guard-fastify.ts'
import { sendDecision } from './send-decision.ts'

/** Settings of {@link guardFrameworkErrors}. */
export interface GuardFrameworkErrorsOptions {
  readonly onDenied?: GuardFastifyOptions['onDenied']
  /** Answers what the guard lets pass; default a problem document (RFC 9457). */
  readonly answer?: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void
}

/**
 * For Fastify's option `frameworkErrors`. Such requests stand behind the door of what matches no route.
 * @example
 * const app = fastify({ frameworkErrors: guardFrameworkErrors(guard) })
 */
export function guardFrameworkErrors(
  guard: Guard,
  options: GuardFrameworkErrorsOptions = {},
): (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void {
  const { answer = sendProblem, onDenied = (...refused) => sendDecision(guard, ...refused) } = options
  return (error, request, reply) => {
    const passage = guard.open(guard.unmatched, exchangeOf(request))
    reply.headers(guard.headersFor(passage))
    const decided = guard.pass(passage, () => ({ outcome: 'missing' }), request)
    if (!(decided instanceof Promise)) {
      settle(decided)
      return
    }
    decided.then(settle, () => answer(error, request, reply))

    function settle(decision: Awaited<typeof decided>): void {
      if (decision.outcome === 'deny') onDenied(decision, request, reply)
      else answer(error, request, reply)
    }
  }
}

function sendProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 400
  const title = status === 414 ? 'The address is too long' : 'The address cannot be read'
  reply
    .code(status)
    .headers({ 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' })
    .send(JSON.stringify({ type: 'about:blank', title, status, code: 'bad_address', request_id: request.id }))
}
