// A small real server for this package's tests: two doors, a few verbs, one listening socket.

import type { Database } from '@levqor/database'
import { createGuard, createMemoryLimitStore, type DoorRule, systemClock } from '@levqor/guard'
import { z } from 'zod'
import { serviceError } from '../errors/service-error.ts'
import { createIds } from '../ids.ts'
import { createLogger } from '../log/create-logger.ts'
import type { Actor, ApiKeyActor } from '../verbs/actor.ts'
import { defineVerb } from '../verbs/define-verb.ts'
import { createHttpServer, type HttpServerOptions } from './create-http-server.ts'
import { defineRoute, type Route } from './define-route.ts'
import type { ReadinessCheck } from './health.ts'
import { identified } from './identified.ts'

const many = {
  name: 'test',
  by: 'address',
  quota: 100_000,
  windowMs: 1000,
} as const

const key: ApiKeyActor = {
  kind: 'apiKey',
  id: 'k1',
  workspaceId: 'ws1',
  scopes: ['notes:read', 'notes:write'],
  operator: false,
}

/** Keys of the tests: what to send as bearer. */
export const credentials: Readonly<Record<string, Actor & { kind: 'apiKey' | 'user' }>> = {
  good: key,
  narrow: { ...key, id: 'k2', scopes: ['notes:read'] },
  operator: { ...key, id: 'k3', scopes: ['notes:read', 'ops:read'], operator: true },
  viewer: { kind: 'user', id: 'u1', sessionId: 's1', workspaceId: 'ws1', role: 'viewer', operator: false },
}

const noteBody = z.strictObject({
  title: z.string().min(1).max(20),
  tags: z.array(z.string()).max(3).optional(),
  at: z.strictObject({ place: z.string() }).optional(),
})

const access = { actors: ['apiKey', 'user'], role: 'member', scope: 'notes:write' } as const

export const makeNote = defineVerb({
  name: 'notes.make',
  kind: 'write',
  access,
  input: noteBody,
  run: async (ctx, input) => {
    if (input.title === 'fail') throw new Error('CANARYinternal at /secret/path.ts')
    if (input.title === 'busy') throw Object.assign(new Error('locked'), { code: 'database_busy' })
    if (input.title === 'wait') throw serviceError('queue_full', { retryAfterMs: 2_500 })
    if (input.title !== 'silent') await ctx.audit({ action: 'note.made', details: { title: input.title } })
    return { title: input.title, workspace: ctx.workspaceId }
  },
})

const getNote = defineVerb({
  name: 'notes.get',
  kind: 'read',
  access: { actors: ['apiKey', 'user'], role: 'viewer', scope: 'notes:read' },
  input: z.object({ id: z.string(), limit: z.number() }),
  run: async (_ctx, input) => ({ ...input, wrong: input.id === 'n-bad' }),
})

export const routes: readonly Route<unknown>[] = [
  defineRoute({
    contract: {
      id: 'notes.make',
      method: 'POST',
      path: '/api/notes',
      summary: 'Make a note',
      status: 201,
      headers: z.object({ 'idempotency-key': z.string().max(5).optional() }),
      body: noteBody,
      answer: z.object({ title: z.string(), workspace: z.string() }),
    },
    door: 'api',
    verb: makeNote,
    input: ({ body }) => body,
  }),
  defineRoute({
    contract: {
      id: 'notes.get',
      method: 'GET',
      path: '/api/notes/{id}',
      summary: 'One note',
      status: 200,
      params: z.strictObject({ id: z.string().regex(/^n-/, 'expected an identifier like n-…') }),
      query: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
      answer: z.object({ id: z.string(), limit: z.number() }),
    },
    door: 'api',
    verb: getNote,
    input: ({ params, query }) => ({ ...params, ...query }),
    present: ({ id, limit, wrong }) => (wrong ? ({ id: 1 } as never) : { id, limit }),
  }),
  defineRoute({
    contract: {
      id: 'notes.follow',
      method: 'GET',
      path: '/api/notes/{id}/events',
      summary: 'Follow a note',
      status: 200,
      params: z.strictObject({ id: z.string() }),
      produces: 'text/event-stream',
    },
    door: 'api',
    verb: getNote,
    input: ({ params }) => ({ ...params, limit: 1 }),
    async stream(note, stream) {
      await stream.send({ id: '1', event: 'note', data: note })
      if (note.id === 'n-short') return
      await new Promise((resolve) => stream.signal.addEventListener('abort', resolve, { once: true }))
    },
  }),
]

export interface TestServerOptions {
  readonly database: Database
  readonly checks?: readonly ReadinessCheck[]
  readonly pages?: HttpServerOptions<unknown>['pages']
  readonly extraRoutes?: readonly Route<unknown>[]
  readonly host?: string
}

/** Listens on a free port. Close with `stop`. */
export async function testServer(options: TestServerOptions) {
  const lines: string[] = []
  const log = createLogger({ level: 'debug', stream: { write: (line: string) => void lines.push(line) } })
  const door = (
    authentication: DoorRule['authentication'],
    serves: DoorRule['serves'] = 'api',
  ): DoorRule => ({
    authentication,
    strangers: [many],
    ...(authentication === 'none' ? {} : { actors: [many] }),
    serves,
    onStoreFailure: 'deny',
  })
  const guard = createGuard({
    policy: {
      doors: {
        api: door('session-or-key'),
        health: door('optional'),
        docs: door('none', 'page'),
        web: door('none', 'page'),
        unmatched: door('none'),
      },
      unmatched: 'unmatched',
      credentialGuesses: { ...many, name: 'guesses' },
      clientAddress: { trustedProxies: [] },
      browser: { origins: ['http://localhost'], unknown: 'allow' },
      transport: { plainHttp: 'allow' },
    },
    store: createMemoryLimitStore({ clock: systemClock }),
  })
  const known = Object.fromEntries(
    Object.entries(credentials).map(([name, actor]) => [name, identified(actor)]),
  )
  const server = await createHttpServer({
    guard,
    identify: (request) => {
      const { authorization } = request.headers
      if (authorization === undefined) return { outcome: 'missing' }
      return known[authorization.replace('Bearer ', '')] ?? { outcome: 'invalid' }
    },
    runtime: { database: options.database, clock: systemClock, ids: createIds(), services: undefined },
    routes: [...routes, ...(options.extraRoutes ?? [])],
    log,
    checks: options.checks ?? [],
    doors: { health: 'health', docs: 'docs' },
    api: { title: 'Notes', version: '1.0.0', url: 'http://localhost' },
    checkAnswers: true,
    ...(options.pages ? { pages: options.pages } : {}),
  })
  const port = await server.listen({ host: options.host ?? '127.0.0.1', port: 0 })
  return {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    lines,
    log: () => lines.join(''),
  }
}
