// The guard at every door of a Fastify server. One hook, before any body is read: address, transport, headers,
// origin, strangers' limits, identification, actor's limits.
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Decision, Guard, Identify, Passage } from '../index.ts'
import type { OpenPassage } from '../kernel/passage.ts'
import { exchangeOf } from './exchange-of.ts'
import { createReplyHeaders } from './reply-headers.ts'
import { requireDoors } from './require-doors.ts'
import { sendDecision } from './send-decision.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the guard knows about this request. Set before any other hook runs. */
    guard: Passage
  }
  interface FastifyContextConfig {
    /** The door of the guard's policy that this route stands behind. */
    door?: string
  }
}

/** Settings of {@link guardFastify}. */
export interface GuardFastifyOptions {
  /** Who a request comes from. Not called for doors with authentication `none`. */
  readonly identify: Identify<FastifyRequest>
  /** Answers a refusal; default {@link sendDecision}. */
  readonly onDenied?: (decision: Decision, request: FastifyRequest, reply: FastifyReply) => void
}

/**
 * The plugin. Register and await it before the first route; a route without a known door stops the start. What matches
 * no route is answered as a problem document, unless the application sets a not-found handler of its own.
 * @throws GuardError `door_missing`, `door_unknown`, `guard_late` at start-up
 * @example
 * await app.register(guardFastify(guard, { identify }))
 * app.get('/jobs', { config: { door: 'jobs.read' } }, handler)
 */
export function guardFastify(guard: Guard, options: GuardFastifyOptions): FastifyPluginAsync {
  const { identify, onDenied = defaultDenied(guard) } = options
  const policyName = guard.rateLimitFields.policyName.toLowerCase()
  const stateName = guard.rateLimitFields.stateName.toLowerCase()
  const replyHeaders = createReplyHeaders()

  const plugin: FastifyPluginAsync = async (app) => {
    app.decorateRequest('guard')
    requireDoors(app, guard)
    app.addHook('onRequest', (request, reply, done) => {
      const door = doorOf(guard, request)
      const passage = guard.open(door ?? guard.unmatched, exchangeOf(request))
      request.guard = passage
      writeHeaders(request, reply, passage)
      if (door === undefined) {
        finish(guard.refuseUnknown(passage), passage, request, reply, done)
        return
      }
      let decision: Decision | Promise<Decision>
      try {
        decision = guard.pass(passage, identify, request)
      } catch (error) {
        done(asError(error))
        return
      }
      if (!(decision instanceof Promise)) {
        finish(decision, passage, request, reply, done)
        return
      }
      decision.then(
        (late) => finish(late, passage, request, reply, done),
        (error) => done(asError(error)),
      )
    })
  }
  // Hooks must reach every route of the server, not only those inside this plugin (Fastify's own convention).
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'guard',
  })

  function finish(
    decision: Decision,
    passage: OpenPassage,
    request: FastifyRequest,
    reply: FastifyReply,
    done: () => void,
  ): void {
    if (decision.outcome === 'deny') {
      // The client may still be sending a body that nobody will read.
      if (hasBody(request)) reply.header('connection', 'close')
      onDenied(decision, request, reply)
      return
    }
    if (isUnanswered(request)) {
      finish({ ...decision, outcome: 'deny', reason: 'not_found' }, passage, request, reply, done)
      return
    }
    if (decision.limits.length > 0) {
      write(reply, passage, policyName, passage.policyField)
      write(reply, passage, stateName, guard.rateLimitFields.state(decision.limits))
    }
    done()
  }

  function writeHeaders(request: FastifyRequest, reply: FastifyReply, passage: OpenPassage): void {
    const headers = guard.headersFor(passage)
    if (passage.door.serves === 'api') {
      replyHeaders.setAll(reply, headers)
      return
    }
    for (const name of Object.keys(headers)) write(reply, passage, name, headers[name] ?? '')
    // Page renderers read the nonce from this request header; overwriting it also keeps a caller from choosing one.
    if (passage.nonce === undefined) delete request.raw.headers['content-security-policy']
    else request.raw.headers['content-security-policy'] = guard.pageCsp(passage.nonce, passage.https)
  }

  /** Page and file renderers answer on the raw response, past Fastify's own headers. */
  function write(reply: FastifyReply, passage: OpenPassage, name: string, value: string): void {
    if (passage.door.serves === 'api') replyHeaders.set(reply, name, value)
    else reply.raw.setHeader(name, value)
  }
}

function defaultDenied(guard: Guard): NonNullable<GuardFastifyOptions['onDenied']> {
  return (decision, request, reply) => sendDecision(guard, decision, request, reply)
}

/**
 * Nothing but Fastify's own answer waits behind this request: a JSON document unlike any other refusal. It has no other
 * mark than its name; an application's own handler is bound and so has another. Should it be renamed, it answers itself.
 */
function isUnanswered(request: FastifyRequest): boolean {
  return request.is404 && request.routeOptions.handler?.name === 'basic404'
}

function doorOf(guard: Guard, request: FastifyRequest) {
  if (request.is404) return guard.unmatched
  const name = request.routeOptions.config.door
  return name === undefined ? undefined : guard.door(name)
}

function hasBody(request: FastifyRequest): boolean {
  const length = request.headers['content-length']
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
