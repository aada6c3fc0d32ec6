// One HTTP server: identifiers, guard, routes, documentation, health and pages in the right order, and a clean stop.
import type { Guard, Identify } from '@levqor/guard'
import { guardFastify, guardFrameworkErrors } from '@levqor/guard/fastify'
import type { Revocations } from '@levqor/guard/tokens'
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify'
import { addDocumentation } from '../docs/add-documentation.ts'
import { addOpenApi } from '../docs/openapi.ts'
import { pathOf } from '../errors/problem-document.ts'
import type { Logger } from '../log/create-logger.ts'
import type { VerbRuntime } from '../verbs/run-verb.ts'
import { answerBrokenRequest } from './answer-broken-request.ts'
import { closingConnections } from './close-connections.ts'
import { correlationId } from './correlation-id.ts'
import { addCspReports, cspReportsPath } from './csp-reports.ts'
import type { Route } from './define-route.ts'
import { createEventStreams } from './event-stream.ts'
import { addHealthRoutes, type ReadinessCheck } from './health.ts'
import { acceptJsonOnly, bodyLimitBytes } from './json-body.ts'
import { answerUnmatched } from './not-found.ts'
import { mountPages, type Pages } from './pages.ts'
import { registerRoutes } from './register-routes.ts'
import { sendDenial } from './send-denial.ts'
import { sendProblem } from './send-problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Requests are logged at `debug` only: probes, pages and their files. */
    quiet?: boolean
    /** The page that tells of a failure with this code. */
    failsTo?: (code: string) => string
  }
}

export interface HttpServerOptions<S> {
  readonly guard: Guard
  /** Who a request comes from; see `identified`. */
  readonly identify: Identify<FastifyRequest>
  /** Cuts event streams whose credential was ended in any process. */
  readonly revocations?: Pick<Revocations, 'onRevoked'>
  readonly runtime: VerbRuntime<S>
  readonly routes: readonly Route<S>[]
  readonly log: Logger
  readonly checks: readonly ReadinessCheck[]
  /** The guard's doors for the server's own routes. */
  readonly doors: {
    readonly health: string
    readonly docs: string
    /** Takes the browsers' reports of broken content policies; left out: there is no such route. */
    readonly reports?: string
  }
  readonly api: { readonly title: string; readonly version: string; readonly url: string }
  /** Check every answer against its contract. For development and tests. */
  readonly checkAnswers: boolean
  readonly pages?: Pages
}

export interface HttpServer {
  readonly app: FastifyInstance
  /** Returns the port, which matters when 0 was asked for. */
  listen(address: { readonly host: string; readonly port: number }): Promise<number>
  /**
   * Stops accepting, ends event streams, finishes what is in flight for at most `timeoutMs`, then closes the rest.
   * Not ready from the first moment on.
   */
  stop(timeoutMs: number): Promise<void>
}

// A request that takes longer to arrive is held up on purpose or lost.
const requestTimeoutMs = 30_000
// Longer than the 60 s of common proxies, so that the proxy and never the server closes a connection first.
const keepAliveTimeoutMs = 75_000

/**
 * Builds the server; nothing listens yet.
 * @throws GuardError `door_missing`, `door_unknown` naming the route
 */
export async function createHttpServer<S>(options: HttpServerOptions<S>): Promise<HttpServer> {
  const { guard, runtime, log } = options
  const streams = createEventStreams()
  let stopping = false

  const app: FastifyInstance = fastify({
    // The common part of its type, so that the instance's type stays the plain one.
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: (request) => correlationId(request.headers, runtime.ids),
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    // Nothing here speaks another protocol: who offers one (a plain-HTTP client that would rather speak h2c) is answered as if
    // they had not (RFC 9110 section 7.8). Otherwise whoever listens for upgrades, as page renderers do, is handed the
    // connection past every door, and may leave it open for ever.
    http: { shouldUpgradeCallback: () => false },
    forceCloseConnections: 'idle',
    // A request on a connection that is still open gets its answer, also while stopping.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 128 },
    frameworkErrors: guardFrameworkErrors(guard, {
      onDenied: (decision, request, reply) => sendDenial(guard, decision, request, reply),
      answer: (error, request, reply) => {
        reply.header('x-request-id', request.id)
        sendProblem(error, request, reply)
      },
    }),
    clientErrorHandler: answerBrokenRequest,
  })

  acceptJsonOnly(app)
  // Contracts are checked by the routes themselves, all parts at once; these schemas are for the documentation.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply))
  app.addHook('onRequest', (request, reply, done) => {
    // On the raw response: page renderers and event streams answer there.
    reply.raw.setHeader('x-request-id', request.id)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    logRequest(request, reply.statusCode, reply.elapsedTime)
    done()
  })
  await app.register(
    guardFastify(guard, {
      identify: options.identify,
      onDenied: (decision, request, reply) => sendDenial(guard, decision, request, reply),
    }),
  )
  await addOpenApi(app, options.api)

  addHealthRoutes(app, { door: options.doors.health, checks: options.checks, isStopping: () => stopping })
  addDocumentation(app, options.doors.docs)
  if (options.doors.reports !== undefined) await addCspReports(app, guard, options.doors.reports)
  registerRoutes(app, options.routes, {
    runtime,
    streams,
    credentials: {
      identify: options.identify,
      ...(options.revocations ? { revocations: options.revocations } : {}),
    },
    // Not for a door that does not exist: the guard says so itself, and names the route.
    asks: (door) => guard.door(door)?.identifies ?? true,
    checkAnswers: options.checkAnswers,
  })
  answerUnmatched(
    app,
    [...ownRoutes, ...options.routes.map(({ contract }) => contract)],
    guard.policy.unmatched,
  )
  if (options.pages) await mountPages(app, options.pages)
  const connections = closingConnections(app.server)

  return {
    app,
    async listen({ host, port }) {
      await app.listen({ host, port })
      const address = app.server.address()
      return typeof address === 'object' && address !== null ? address.port : port
    },
    async stop(timeoutMs) {
      stopping = true
      streams.closeAll()
      const closed = app.close()
      connections.start()
      const timer = setTimeout(() => app.server.closeAllConnections(), timeoutMs)
      try {
        await closed
      } finally {
        connections.stop()
        clearTimeout(timer)
      }
    },
  }
}

const ownRoutes = [
  { method: 'GET', path: '/health/live' },
  { method: 'GET', path: '/health/ready' },
  { method: 'GET', path: '/openapi.json' },
  { method: 'GET', path: '/docs' },
  { method: 'GET', path: '/docs/errors' },
  { method: 'GET', path: '/docs/reference.css' },
  { method: 'POST', path: cspReportsPath },
] as const

function logRequest(request: FastifyRequest, status: number, ms: number): void {
  const level = request.routeOptions.config.quiet ? 'debug' : 'info'
  // The path without its query: links and searches may carry what must not be kept.
  request.log[level](
    { method: request.method, path: pathOf(request.url), status, ms: Math.round(ms * 10) / 10 },
    'request',
  )
}
