// The adapter's part in CORS and in the table of routes, over a real Fastify.
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import {
  createGuard,
  createMemoryLimitStore,
  type DoorRule,
  type IdentifyResult,
  type Policy,
} from '../index.ts'
import { guardFastify } from './index.ts'

const strangers = [{ name: 'strangers', by: 'address', quota: 100, windowMs: 60_000 }] as const
const actors = [{ name: 'per-key', by: 'credential', quota: 100, windowMs: 60_000 }] as const
const doors = {
  open: { authentication: 'none', strangers, onStoreFailure: 'local' },
  known: { authentication: 'session-or-key', strangers, actors, onStoreFailure: 'local' },
} as const satisfies Record<string, DoorRule>

const identify = (request: FastifyRequest): IdentifyResult => {
  const key = request.headers.authorization
  if (key === undefined) return { outcome: 'missing' }
  return { outcome: 'identified', actor: { kind: 'apiKey', id: key, keyId: key, via: 'key' } }
}
const auth = { authorization: 'Bearer k' }

const open: FastifyInstance[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()))
})

async function setup(facts: Partial<Policy> = {}) {
  const guard = createGuard({
    policy: {
      doors,
      unmatched: 'open',
      credentialGuesses: { name: 'guesses', by: 'address', quota: 100, windowMs: 60_000 },
      clientAddress: { trustedProxies: [] },
      browser: { origins: [] },
      transport: { plainHttp: 'allow' },
      ...facts,
    },
    store: createMemoryLimitStore({ clock: { now: () => 1_800_000_000_000 } }),
  })
  const app = Fastify()
  open.push(app)
  await app.register(guardFastify(guard, { identify }))
  return { app, guard }
}

describe('pages of other sites', () => {
  const listed = 'https://partner.example'
  const cors = { origins: [listed], credentials: true }
  const preflight = { origin: listed, 'access-control-request-method': 'PUT' }

  it('a preflight of a listed page is answered with headers alone, at any address', async () => {
    const { app } = await setup({ cors })
    app.put('/x', { config: { door: 'known' } }, async () => 'ok')
    app.options('/own', { config: { door: 'open' } }, async () => 'never')
    for (const url of ['/x', '/own']) {
      const answer = await app.inject({ method: 'OPTIONS', url, headers: preflight })
      expect([answer.statusCode, answer.body]).toEqual([204, ''])
      expect(answer.headers).not.toHaveProperty('content-type')
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': listed,
        'access-control-allow-credentials': 'true',
        'access-control-max-age': '3600',
        vary: 'Origin',
      })
    }
    const evil = { ...preflight, origin: 'https://evil.example' }
    const refused = await app.inject({ method: 'OPTIONS', url: '/x', headers: evil })
    expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([403, undefined])
  })

  it('its real request is answered to it, errors too', async () => {
    const { app } = await setup({ cors })
    app.put('/x', { config: { door: 'known' } }, async () => 'ok')
    app.get('/broken', { config: { door: 'known' } }, async () => {
      throw new Error('broken')
    })
    const put = await app.inject({ method: 'PUT', url: '/x', headers: { ...auth, origin: listed } })
    expect([put.statusCode, put.headers['access-control-allow-origin']]).toEqual([200, listed])
    const broken = await app.inject({ url: '/broken', headers: { ...auth, origin: listed } })
    expect([broken.statusCode, broken.headers['access-control-allow-origin']]).toEqual([500, listed])
  })
})

describe('the guard’s table of routes', () => {
  it('has every route of the server with its prefix, so that requests can be explained', async () => {
    const { app, guard } = await setup()
    app.register(
      async (child) => {
        child.route({
          method: ['PUT', 'PATCH'],
          url: '/:id',
          config: { door: 'known' },
          handler: async () => '',
        })
        child.get('/', { config: { door: 'open' } }, async () => '')
      },
      { prefix: '/api/notes' },
    )
    await app.ready()
    expect(guard.routes.find('PATCH', '/api/notes/7').route).toMatchObject({ pattern: '/api/notes/:id' })
    expect(guard.explain('PUT', '/api/notes/7')).toMatchObject({
      route: 'PUT /api/notes/:id',
      door: 'known',
      answers: { stranger: { status: 401 } },
    })
    expect(guard.explain('GET', '/api/notes').door).toBe('open')
    expect(guard.explain('HEAD', '/api/notes/').door).toBe('open')
  })

  it('a route that stands at another door in the policy stops the start', async () => {
    const { app } = await setup({ routes: { 'GET /x': 'open' } })
    app.register(async (child) => {
      child.get('/x', { config: { door: 'known' } }, async () => '')
    })
    await expect(app.ready()).rejects.toMatchObject({ code: 'bad_route' })
  })
})
