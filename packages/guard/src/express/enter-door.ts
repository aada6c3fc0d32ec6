// One Express request through one door, before anything of it is parsed.
import { randomUUID } from 'node:crypto'
import type { NextFunction, Request, Response } from 'express'
import type { Decision, Door, Guard, Identify, RouteMatch } from '../index.ts'
import type { OpenPassage } from '../kernel/passage.ts'
import { sendDecision } from './send-decision.ts'

/** Takes a request through a door. Answers refusals, and what has no route; calls `next` otherwise. */
export type EnterDoor = (match: RouteMatch, request: Request, response: Response, next: NextFunction) => void

/** Compiles entering for one guard. */
export function createEntering(guard: Guard, identify: Identify<Request>): EnterDoor {
  const { policyName, stateName } = guard.rateLimitFields
  return ({ door, route }, request, response, next) => {
    const pass = route === undefined ? undefined : next
    const passage = openDoor(guard, door, request)
    writeHeaders(guard, passage, request, response)
    let decision: Decision | Promise<Decision>
    try {
      decision = guard.pass(passage, identify, request)
    } catch (error) {
      next(asError(error))
      return
    }
    if (!(decision instanceof Promise)) {
      finish(decision, passage, request, response, pass)
      return
    }
    decision.then(
      (late) => finish(late, passage, request, response, pass),
      (error) => next(asError(error)),
    )
  }

  function finish(
    decision: Decision,
    passage: OpenPassage,
    request: Request,
    response: Response,
    pass: NextFunction | undefined,
  ): void {
    if (decision.outcome === 'deny' || pass === undefined) {
      const refusal = decision.outcome === 'deny' ? decision : notFound(decision)
      sendDecision(guard, refusal, passage.exchange.requestId, request, response)
      return
    }
    if (decision.limits.length > 0) {
      response.setHeader(policyName, passage.policyField)
      response.setHeader(stateName, guard.rateLimitFields.state(decision.limits))
    }
    pass()
  }
}

/** Opens a door for a request and shows it to the handlers. */
export function openDoor(guard: Guard, door: Door, request: Request): OpenPassage {
  const passage = guard.open(door, {
    method: request.method,
    url: request.originalUrl,
    // The socket's, whatever the application's `trust proxy` says: whose headers count is the policy's business.
    remoteAddress: request.socket.remoteAddress,
    encrypted: 'encrypted' in request.socket,
    headers: request.headers,
    requestId: randomUUID(),
  })
  request.guard = passage
  return passage
}

/** Headers of every answer; a page's nonce for its templates and, in the request, for renderers such as Next.js. */
export function writeHeaders(guard: Guard, passage: OpenPassage, request: Request, response: Response): void {
  const headers = guard.headersFor(passage)
  for (const name of Object.keys(headers)) response.setHeader(name, headers[name] ?? '')
  response.removeHeader('x-powered-by')
  if (passage.door.serves === 'api') return
  if (passage.nonce === undefined) {
    delete request.headers['content-security-policy']
    return
  }
  response.locals.nonce = passage.nonce
  request.headers['content-security-policy'] = guard.pageCsp(passage.nonce, passage.https)
}

function notFound(decision: Decision): Decision {
  return { ...decision, outcome: 'deny', reason: 'not_found' }
}

/** Express takes a falsy error for none and the words `route` and `router` for an order to go on elsewhere. */
function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
