// The guard before everything of an Express 5 application: address, transport, headers, origin, limits and
// identification come before any other middleware, so nothing is parsed for a stranger.
import type { Request, RequestHandler } from 'express'
import type { Guard, Identify, Passage } from '../index.ts'
import { createEntering, openDoor, writeHeaders } from './enter-door.ts'
import { bindings, requireDoors } from './require-doors.ts'
import { sendDecision } from './send-decision.ts'

declare global {
  namespace Express {
    interface Request {
      /** What the guard knows about this request. Set before any other middleware runs. */
      guard: Passage
    }
    interface Locals {
      /** The page's nonce, for templates; only page doors have one. */
      nonce?: string
    }
  }
}

/** Settings of {@link guardExpress}. */
export interface GuardExpressOptions {
  /** Who a request comes from. Not called for doors with authentication `none`. */
  readonly identify: Identify<Request>
}

/**
 * The middleware; it must be the first. Doors come from the policy's `routes`: what they do not name is answered 404
 * behind the unmatched door and reaches no handler. Call {@link requireDoors} before listening; without that call the
 * first request makes the same check, and if it fails every request is refused.
 * @example
 * app.use(guardExpress(guard, { identify }))
 */
export function guardExpress(guard: Guard, options: GuardExpressOptions): RequestHandler {
  const enter = createEntering(guard, options.identify)
  let checked: 'not yet' | 'passed' | 'failed' = 'not yet'

  const middleware: RequestHandler = (request, response, next) => {
    if (checked === 'not yet') check(request)
    if (checked === 'failed') {
      const passage = openDoor(guard, guard.unmatched, request)
      writeHeaders(guard, passage, request, response)
      sendDecision(guard, guard.refuseUnknown(passage), passage.exchange.requestId, request, response)
      return
    }
    enter(guard.routes.find(request.method, request.originalUrl), request, response, next)
  }
  bindings.set(middleware, {
    guard,
    enter,
    passed: () => {
      checked = 'passed'
    },
  })
  return middleware

  function check(request: Request): void {
    try {
      requireDoors(request.app)
    } catch (error) {
      checked = 'failed'
      process.emitWarning(String(error), { code: 'GUARD_DOOR_MISSING' })
    }
  }
}
