import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import {
  createGuard,
  createMemoryLimitStore,
  type DoorRule,
  type IdentifyResult,
  type Policy,
} from '../index.ts'
import { type GuardFastifyOptions, guardFastify } from './index.ts'

const strangers = [{ name: 'strangers', by: 'address', quota: 3, windowMs: 60_000 }] as const
const actors = [{ name: 'per-key', by: 'credential', quota: 10, windowMs: 60_000 }] as const
const doors = {
  open: { authentication: 'none', strangers, onStoreFailure: 'local' },
  page: { authentication: 'none', serves: 'page', strangers, onStoreFailure: 'local' },
  file: {
    authentication: 'none',
    serves: 'asset',
    strangers: [],
    unlimited: 'files',
    onStoreFailure: 'allow',
  },
  known: { authentication: 'session-or-key', strangers, actors, onStoreFailure: 'local' },
} as const satisfies Record<string, DoorRule>
const policy: Policy = {
  doors,
  unmatched: 'open',
  credentialGuesses: { name: 'guesses', by: 'address', quota: 100, windowMs: 60_000 },
  clientAddress: { trustedProxies: [] },
  browser: { origins: [] },
  transport: { plainHttp: 'allow' },
}

const byKey = (request: FastifyRequest): IdentifyResult => {
  const key = request.headers.authorization
  if (key === undefined) return { outcome: 'missing' }
  return { outcome: 'identified', actor: { kind: 'apiKey', id: key, keyId: key, via: 'key' } }
}
const auth = { authorization: 'Bearer k' }

const open: FastifyInstance[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()))
})

async function setup(options: Partial<GuardFastifyOptions> = {}, facts: Partial<Policy> = {}) {
  const guard = createGuard({
    policy: { ...policy, ...facts },
    store: createMemoryLimitStore({ clock: { now: () => 1_800_000_000_000 } }),
  })
  const app = Fastify()
  open.push(app)
  await app.register(guardFastify(guard, { identify: byKey, ...options }))
  return { app, guard }
}

describe('what matches no route', () => {
  it('is refused as a problem document, like everything that the guard refuses', async () => {
    const { app } = await setup()
    const answer = await app.inject({ method: 'POST', url: '/nowhere?secret=1', payload: { a: 1 } })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ])
    expect(answer.json()).toMatchObject({ code: 'not_found', instance: '/nowhere' })
    expect(answer.headers.ratelimit).toBe('"strangers";r=2;t=20')
  })

  it('goes to the application’s own handler, wherever it was set', async () => {
    const { app } = await setup()
    app.register(
      async (child) => {
        child.setNotFoundHandler((_, reply) => reply.code(404).send('of the child'))
      },
      { prefix: '/child' },
    )
    expect((await app.inject('/child/nowhere')).body).toBe('of the child')
    expect((await app.inject('/nowhere')).json()).toMatchObject({ code: 'not_found' })
    const { app: other } = await setup()
    other.setNotFoundHandler((_, reply) => reply.code(404).send('of the application'))
    expect((await other.inject('/nowhere')).body).toBe('of the application')
  })
})

describe('the boot check', () => {
  it('a route without a door stops the start and is named', async () => {
    const { app } = await setup()
    app.register(async (child) => {
      child.post('/jobs/:id/cancel', async () => 'never')
    })
    await expect(app.ready()).rejects.toMatchObject({
      code: 'door_missing',
      message: expect.stringContaining('POST /jobs/:id/cancel names no door'),
    })
  })

  it('a door that the policy does not have stops the start', async () => {
    const { app } = await setup()
    app.register(async (child) => {
      child.route({ method: ['PUT', 'PATCH'], url: '/x', config: { door: 'back' }, handler: async () => '' })
    })
    await expect(app.ready()).rejects.toMatchObject({
      code: 'door_unknown',
      message: expect.stringContaining('PUT|PATCH /x names the door "back"'),
    })
  })

  it.each(['/early', '/*'])('a route that was there before the guard stops the start (%s)', async (url) => {
    const guard = createGuard({ policy, store: createMemoryLimitStore({ clock: Date }) })
    const app = Fastify()
    open.push(app)
    app.get(url, { config: { door: 'open' } }, async () => '')
    await expect(app.register(guardFastify(guard, { identify: byKey }))).rejects.toMatchObject({
      code: 'guard_late',
    })
  })

  it('a route that loses its door later is closed', async () => {
    const { app } = await setup()
    app.addHook('onRoute', (route) => {
      if (route.config !== undefined) delete route.config.door
    })
    app.post('/x', { config: { door: 'open' } }, async () => 'never')
    const answer = await app.inject({ method: 'POST', url: '/x' })
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'door_unknown'])
  })

  it('HEAD routes that Fastify adds by itself stand behind the same door', async () => {
    const { app } = await setup()
    app.get('/x', { config: { door: 'known' } }, async () => 'x')
    expect((await app.inject({ method: 'HEAD', url: '/x' })).statusCode).toBe(401)
    expect((await app.inject({ method: 'HEAD', url: '/x', headers: auth })).statusCode).toBe(200)
  })

  it('an OPTIONS route needs a door like any other; a method nobody serves is unmatched', async () => {
    const { app } = await setup()
    app.options('/x', { config: { door: 'open' } }, async () => '')
    app.get('/y', { config: { door: 'known' } }, async () => '')
    expect((await app.inject({ method: 'OPTIONS', url: '/x' })).statusCode).toBe(200)
    const answer = await app.inject({ method: 'OPTIONS', url: '/y' })
    expect([answer.statusCode, answer.headers['x-content-type-options']]).toEqual([404, 'nosniff'])
  })
})

describe('every answer', () => {
  it('carries the headers and where the caller stands', async () => {
    const { app } = await setup()
    app.get('/x', { config: { door: 'known' } }, async (request) => request.guard.actor?.id)
    const answer = await app.inject({ url: '/x', headers: auth })
    expect(answer.body).toBe('Bearer k')
    expect(answer.headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-frame-options': 'DENY',
      'ratelimit-policy': '"per-key";q=10;w=60',
      ratelimit: '"per-key";r=9;t=6',
    })
  })

  it('refusals and unknown addresses too', async () => {
    const { app } = await setup()
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await app.inject(`/nowhere?secret=${i}`))
    expect(answers.map((answer) => answer.statusCode)).toEqual([404, 404, 404, 429])
    for (const answer of answers) expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(answers[3]?.json()).toMatchObject({
      code: 'rate_limited',
      ok: false,
      error: 'rate_limited',
      retry_after: 20,
      instance: '/nowhere',
      request_id: expect.any(String),
    })
    expect(answers[3]?.headers['retry-after']).toBe('20')
  })

  it('a page has a nonce: in the answer, for the renderer, never the caller’s', async () => {
    const { app } = await setup()
    app.get('/page', { config: { door: 'page' } }, async (request, reply) => {
      reply.hijack()
      reply.raw.end(JSON.stringify([request.guard.nonce, request.raw.headers['content-security-policy']]))
    })
    const headers = { 'content-security-policy': "script-src 'nonce-evil'" }
    const answer = await app.inject({ url: '/page', headers })
    const [nonce, handed] = JSON.parse(answer.body)
    expect(answer.headers['content-security-policy']).toBe(handed)
    expect(handed).toContain(`'nonce-${nonce}' 'strict-dynamic'`)
    expect(handed).not.toContain('evil')
    expect(answer.headers).toMatchObject({ 'x-frame-options': 'DENY', ratelimit: expect.any(String) })
  })

  it('files answered past Fastify carry the headers too, and hand on no policy of the caller', async () => {
    const { app } = await setup()
    app.get('/file', { config: { door: 'file' } }, async (request, reply) => {
      reply.hijack()
      reply.raw.end(String(request.raw.headers['content-security-policy']))
    })
    const answer = await app.inject({ url: '/file', headers: { 'content-security-policy': 'mine' } })
    expect([answer.body, answer.headers['x-content-type-options']]).toEqual(['undefined', 'nosniff'])
  })

  it('the server package may render refusals itself', async () => {
    const { app } = await setup({
      onDenied: (decision, _, reply) => {
        reply.code(418).send({ mine: decision.reason })
      },
    })
    app.get('/x', { config: { door: 'known' } }, async () => '')
    const answer = await app.inject('/x')
    expect([answer.statusCode, answer.json()]).toEqual([418, { mine: 'credential_missing' }])
  })
})

describe('identification', () => {
  it('may answer later', async () => {
    const { app } = await setup({ identify: async (request) => byKey(request) })
    app.get('/x', { config: { door: 'known' } }, async () => 'ok')
    expect((await app.inject({ url: '/x', headers: auth })).body).toBe('ok')
    expect((await app.inject('/x')).statusCode).toBe(401)
  })

  it.each([
    [
      'at once',
      () => {
        throw new Error('broken')
      },
    ],
    ['later', () => Promise.reject(new Error('broken'))],
    ['with no error', () => Promise.reject('broken')],
  ])('that fails %s goes to the server’s error handler, and nothing passes', async (_, identify) => {
    const { app } = await setup({ identify })
    app.setErrorHandler((error, __, reply) => reply.code(503).send(String(error)))
    let handled = false
    app.get('/x', { config: { door: 'known' } }, async () => {
      handled = true
    })
    const answer = await app.inject({ url: '/x', headers: auth })
    expect([answer.statusCode, answer.body, handled]).toEqual([503, 'Error: broken', false])
  })
})

describe('a stranger is turned away before the body', () => {
  it('a refused caller’s slow body is not waited for', async () => {
    const { app } = await setup()
    let parsed = 0
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => {
      parsed++
      done(null, body)
    })
    app.post('/x', { config: { door: 'known' } }, async () => 'never')
    await app.listen({ port: 0, host: '127.0.0.1' })
    // A listening TCP server has an address with a port.
    const { port } = app.server.address() as AddressInfo
    const answer = await new Promise<{ status: number | undefined; connection: string | undefined }>(
      (resolve, reject) => {
        const call = httpRequest({
          port,
          host: '127.0.0.1',
          path: '/x',
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': '1000000' },
        })
        call.on('response', (response) => {
          resolve({ status: response.statusCode, connection: response.headers.connection })
          call.destroy()
        })
        call.on('error', reject)
        // The head and one byte; the rest never comes.
        call.write('{')
      },
    )
    expect(answer).toEqual({ status: 401, connection: 'close' })
    expect(parsed).toBe(0)
  })

  it('200 concurrent calls at limit 10 pass exactly 10', async () => {
    const { app } = await setup()
    app.get('/x', { config: { door: 'known' } }, async () => 'ok')
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => app.inject({ url: '/x', headers: auth })),
    )
    expect(answers.filter((answer) => answer.statusCode === 200).length).toBe(10)
    expect(answers.filter((answer) => answer.statusCode === 429).length).toBe(190)
  })
})
