// Routes become Fastify routes: parse by contract, run the verb, present. One path for all of them.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { securityOf, whoMay } from '../docs/who-may.ts'
import { type Actor, anonymous } from '../verbs/actor.ts'
import { runVerb, type VerbRuntime } from '../verbs/run-verb.ts'
import type { RouteContract } from './contract.ts'
import type { RequestFacts, Route } from './define-route.ts'
import type { EventStreams } from './event-stream.ts'
import type { CredentialPlace } from './identified.ts'
import { parseRequest } from './parse-request.ts'
import { type CredentialWatch, watchCredential } from './watch-credential.ts'

export interface RegisterOptions<S> {
  readonly runtime: VerbRuntime<S>
  readonly streams: EventStreams
  /** Watched while a stream is open. */
  readonly credentials: CredentialWatch
  /** Whether a door asks who somebody is. */
  asks(door: string): boolean
  /** Checks every answer against its contract: on in development and tests, where it costs nobody anything. */
  readonly checkAnswers: boolean
}

/** Adds the routes. Each stands behind the guard's door that it names. */
export function registerRoutes<S>(
  app: FastifyInstance,
  routes: readonly Route<S>[],
  options: RegisterOptions<S>,
): void {
  for (const route of routes) {
    app.route({
      method: route.contract.method,
      url: fastifyPath(route.contract.path),
      config: { door: route.door, ...(route.failsTo ? { failsTo: route.failsTo } : {}) },
      schema: schemaOf(route, options),
      handler: (request, reply) => answer(route, options, request, reply),
    })
  }
}

/** `/jobs/{id}` → `/jobs/:id` */
export function fastifyPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}

async function answer<S>(
  route: Route<S>,
  { runtime, streams, credentials, checkAnswers }: RegisterOptions<S>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const facts = factsOf(request)
  const parsed = parseRequest(route.contract, request)
  const call = { actor: facts.actor, requestId: facts.requestId, log: request.log as VerbLog }
  const result = await runVerb(runtime, route.verb, call, route.input(parsed, facts))
  if (route.headers) reply.headers(writable(route.headers(result, facts)))
  if (route.stream) {
    const stream = streams.open(reply, request.guard.actor?.id ?? facts.clientIp)
    watchCredential(request, credentials, stream)
    route
      .stream(result, stream, facts, runtime.services)
      .catch((error: unknown) => request.log.error({ err: error }, 'An event stream failed.'))
      .finally(() => stream.end())
    return reply
  }
  const value = route.present ? route.present(result, facts) : result
  reply.code(route.status?.(result) ?? route.contract.status).header('cache-control', 'no-store')
  if (route.contract.answer === undefined) return reply.send()
  if (checkAnswers) checkAnswer(route.contract, value)
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(value))
}

// The server was made with our logger (create-http-server.ts); Fastify's type only keeps its common part.
type VerbLog = Parameters<typeof runVerb>[2]['log']

function factsOf(request: FastifyRequest): RequestFacts {
  const { headers } = request
  const lastEventId = headers['last-event-id']
  return {
    requestId: request.id,
    clientIp: request.guard.clientIp,
    addressKey: request.guard.client.key,
    https: request.guard.https,
    actor: actorOf(request),
    credentialPlace: placeOf(request),
    cookieHeader: headers.cookie,
    userAgent: headers['user-agent'],
    lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
  }
}

/** Whoever the guard let in. */
export function actorOf(request: FastifyRequest): Actor {
  // `details` is filled by `identified` (identified.ts) and by nobody else.
  return (request.guard.actor?.details as Actor | undefined) ?? anonymous
}

function placeOf({ guard: { actor } }: FastifyRequest): CredentialPlace | undefined {
  if (actor === undefined) return undefined
  return actor.via === 'key' ? 'header' : (actor.by ?? 'cookie')
}

function checkAnswer(contract: RouteContract, value: unknown): void {
  const checked = contract.answer?.safeParse(value)
  if (checked && !checked.success) {
    throw new Error(`The answer of ${contract.id} breaks its contract: ${checked.error.message}`)
  }
}

function writable(headers: Readonly<Record<string, string | readonly string[]>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  )
}

function schemaOf<S>({ contract, verb, door }: Route<S>, { asks }: Pick<RegisterOptions<S>, 'asks'>) {
  return {
    operationId: contract.id,
    summary: contract.summary,
    description: whoMay(verb.access, asks(door)),
    tags: [contract.id.split('.')[0] ?? contract.id],
    security: securityOf(verb.access, asks(door)),
    ...(contract.params ? { params: contract.params } : {}),
    ...(contract.query ? { querystring: contract.query } : {}),
    ...(contract.headers ? { headers: contract.headers } : {}),
    ...(contract.body ? { body: contract.body } : {}),
    ...(contract.answer ? { response: responsesOf(contract, contract.answer) } : {}),
  }
}

function responsesOf(contract: RouteContract, answer: z.ZodType): Readonly<Record<string, z.ZodType>> {
  const statuses = [contract.status, ...(contract.otherStatuses ?? [])]
  return Object.fromEntries(statuses.map((status) => [status, answer]))
}
