// Addresses that lead nowhere: 404, or 405 with the methods that would do.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pathOf } from '../errors/problem-document.ts'
import { serviceError } from '../errors/service-error.ts'
import type { RouteContract } from './contract.ts'
import { sendProblem } from './send-problem.ts'

interface Known {
  readonly method: string
  readonly pattern: RegExp
}

/**
 * Answers everything that matches no route. The API's own prefixes get a catch-all each, so that pages mounted at the
 * root never see a mistyped API address.
 */
export function answerUnmatched(
  app: FastifyInstance,
  contracts: readonly Pick<RouteContract, 'method' | 'path'>[],
  unmatchedDoor: string,
): void {
  const known: readonly Known[] = contracts.map(({ method, path }) => ({ method, pattern: patternOf(path) }))

  function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const path = pathOf(request.url)
    const allowed = new Set(known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))
    // A method that would do but did not match: a part of the address is too long.
    if (allowed.size === 0 || allowed.has(request.method))
      return sendProblem(serviceError('not_found'), request, reply)
    if (allowed.has('GET')) allowed.add('HEAD')
    reply.header('allow', [...allowed].sort().join(', '))
    return sendProblem(serviceError('method_not_allowed'), request, reply)
  }

  app.setNotFoundHandler(refuse)
  for (const prefix of new Set(contracts.map(({ path }) => path.split('/')[1] ?? ''))) {
    for (const url of [`/${prefix}`, `/${prefix}/*`]) {
      const method = app.supportedMethods.filter((name) => !app.hasRoute({ method: name, url }))
      app.route({ method, url, config: { door: unmatchedDoor }, schema: hidden, handler: refuse })
    }
  }
}

// Read by @fastify/swagger; Fastify itself knows nothing of it.
const hidden: object = { hide: true }

function patternOf(path: string): RegExp {
  const text = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${text}$`)
}
