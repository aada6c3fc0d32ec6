import { request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Application, type NextFunction, type Request, type Response } from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import {
  createGuard,
  createMemoryLimitStore,
  type DoorRule,
  type GuardOptions,
  type IdentifyResult,
  type Policy,
} from '../index.ts'
import { guardExpress, requireDoors } from './index.ts'

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
  routes: {
    'GET /x': 'known',
    'POST /x': 'known',
    'GET /page': 'page',
    'GET /files/*': 'file',
    'GET /open': 'open',
  },
  credentialGuesses: { name: 'guesses', by: 'address', quota: 100, windowMs: 60_000 },
  clientAddress: { trustedProxies: [] },
  browser: { origins: [] },
  transport: { plainHttp: 'allow' },
}

const byKey = (request: Request): IdentifyResult => {
  const key = request.headers.authorization
  if (key === undefined) return { outcome: 'missing' }
  return { outcome: 'identified', actor: { kind: 'apiKey', id: key, keyId: key, via: 'key' } }
}
const auth = { authorization: 'Bearer k' }

const open: Server[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

function setup(
  build: (app: Application) => void,
  options: {
    readonly identify?: (request: Request) => IdentifyResult | Promise<IdentifyResult>
    readonly policy?: Partial<Policy>
    readonly guard?: Partial<GuardOptions>
  } = {},
) {
  const guard = createGuard({
    policy: { ...policy, ...options.policy },
    store: createMemoryLimitStore({ clock: { now: () => 1_800_000_000_000 } }),
    ...options.guard,
  })
  const app = express()
  app.use(guardExpress(guard, { identify: options.identify ?? byKey }))
  build(app)
  return { app, guard }
}

async function listen(app: Application): Promise<number> {
  const server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started))
  })
  open.push(server)
  // A listening TCP server has an address with a port.
  return (server.address() as AddressInfo).port
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Sends the path as it is: `fetch` would tidy it up. */
function call(
  port: number,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ port, host: '127.0.0.1', path, method, headers, agent: false }, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        body += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('every answer', () => {
  it('carries the headers and where the caller stands, and does not say that it is Express', async () => {
    const { app } = setup((it) => it.get('/x', (request, response) => response.send(request.guard.actor?.id)))
    const answer = await call(await listen(app), '/x', { headers: auth })
    expect([answer.status, answer.body]).toEqual([200, 'Bearer k'])
    expect(answer.headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-frame-options': 'DENY',
      'ratelimit-policy': '"per-key";q=10;w=60',
      ratelimit: '"per-key";r=9;t=6',
    })
    expect(answer.headers).not.toHaveProperty('x-powered-by')
  })

  it('refusals are problem documents; what the policy does not name reaches no handler', async () => {
    let served = 0
    const { app } = setup((it) =>
      it.use((_, response) => {
        served++
        response.send('static')
      }),
    )
    const port = await listen(app)
    const answers: Answer[] = []
    for (let i = 0; i < 4; i++) answers.push(await call(port, `/nowhere?secret=${i}`))
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 429])
    expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({
      code: 'not_found',
      instance: '/nowhere',
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(JSON.parse(answers[3]?.body ?? '')).toMatchObject({ code: 'rate_limited', retry_after: 20 })
    expect(answers[3]?.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'retry-after': '20',
      'x-content-type-options': 'nosniff',
    })
    expect(served).toBe(0)
  })

  it('middleware that serves files works where the policy names them', async () => {
    const { app } = setup((it) => it.use('/files', (_, response) => response.send('a file')))
    const answer = await call(await listen(app), '/files/a.css', {
      headers: { 'content-security-policy': 'x' },
    })
    expect([answer.body, answer.headers['x-content-type-options']]).toEqual(['a file', 'nosniff'])
  })

  it('a page has a nonce: in the answer, for templates, for renderers, never the caller’s', async () => {
    const { app } = setup((it) =>
      it.get('/page', (request, response) => {
        const handed = request.headers['content-security-policy']
        response.json([request.guard.nonce, response.locals.nonce, handed])
      }),
    )
    const headers = { 'content-security-policy': "script-src 'nonce-evil'" }
    const answer = await call(await listen(app), '/page', { headers })
    const [nonce, inLocals, handed] = JSON.parse(answer.body)
    expect(inLocals).toBe(nonce)
    expect(answer.headers['content-security-policy']).toBe(handed)
    expect(handed).toContain(`'nonce-${nonce}' 'strict-dynamic'`)
    expect(handed).not.toContain('evil')
  })

  it('HEAD stands behind the door of GET', async () => {
    const { app } = setup((it) => it.get('/x', (_, response) => response.send('x')))
    const port = await listen(app)
    expect((await call(port, '/x', { method: 'HEAD' })).status).toBe(401)
    expect((await call(port, '/x', { method: 'HEAD', headers: auth })).status).toBe(200)
  })
})

describe('another site’s page', () => {
  const cors = { origins: ['https://partner.example'] }
  const asks = { origin: 'https://partner.example', 'access-control-request-method': 'GET' }

  it('is answered before it sends its request, without any handler', async () => {
    const { app } = setup((it) => it.get('/open', (_, response) => response.send('open')), {
      policy: { cors },
    })
    const port = await listen(app)
    const answer = await call(port, '/open', { method: 'OPTIONS', headers: asks })
    expect([answer.status, answer.body]).toEqual([204, ''])
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://partner.example',
      'access-control-max-age': '3600',
      vary: expect.stringContaining('Origin'),
    })
    const read = await call(port, '/open', { headers: { origin: 'https://partner.example' } })
    expect([read.body, read.headers['access-control-allow-origin']]).toEqual([
      'open',
      'https://partner.example',
    ])
  })

  it('that is not listed is refused, and its origin is not repeated', async () => {
    const { app } = setup((it) => it.get('/open', (_, response) => response.send('open')), {
      policy: { cors },
    })
    const headers = { ...asks, origin: 'https://evil.example' }
    const answer = await call(await listen(app), '/open', { method: 'OPTIONS', headers })
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([403, 'origin_denied'])
    expect(JSON.stringify(answer.headers)).not.toContain('evil')
  })
})

describe('the client’s address', () => {
  it('is the socket’s, whatever "trust proxy" says', async () => {
    const { app } = setup((it) => {
      it.set('trust proxy', true)
      it.get('/open', (request, response) => response.json([request.guard.clientIp, request.ip]))
    })
    const headers = { 'x-forwarded-for': '203.0.113.9' }
    const answer = await call(await listen(app), '/open', { headers })
    expect(JSON.parse(answer.body)).toEqual(['127.0.0.1', '203.0.113.9'])
  })

  it('is what a trusted proxy says', async () => {
    const { app } = setup(
      (it) => it.get('/open', (request, response) => response.send(request.guard.clientIp)),
      {
        policy: { clientAddress: { trustedProxies: ['loopback'] } },
      },
    )
    const headers = { 'x-forwarded-for': '192.0.2.1, 203.0.113.9' }
    expect((await call(await listen(app), '/open', { headers })).body).toBe('203.0.113.9')
  })
})

describe('identification', () => {
  it('may answer later', async () => {
    const { app } = setup((it) => it.get('/x', (_, response) => response.send('ok')), {
      identify: async (request) => byKey(request),
    })
    const port = await listen(app)
    expect((await call(port, '/x', { headers: auth })).body).toBe('ok')
    expect((await call(port, '/x')).status).toBe(401)
  })

  it.each([
    [
      'at once',
      () => {
        throw new Error('broken')
      },
    ],
    ['later', () => Promise.reject(new Error('broken'))],
    ['with nothing', () => Promise.reject(undefined)],
    ['with the word "route"', () => Promise.reject('route')],
    [
      'with the word "router"',
      () => {
        throw 'router'
      },
    ],
  ])('that fails %s goes to the error handler, and nothing passes', async (_, identify) => {
    let handled = false
    const { app } = setup(
      (it) => {
        it.get('/x', (__, response) => {
          handled = true
          response.send('')
        })
        it.use((error: unknown, __: Request, response: Response, ___: NextFunction) => {
          response.status(503).send(String(error))
        })
      },
      { identify },
    )
    const answer = await call(await listen(app), '/x', { headers: auth })
    expect([answer.status, handled]).toEqual([503, false])
    expect(answer.body).toMatch(/^Error: /)
  })
})

describe('a stranger is turned away before the body', () => {
  it('a refused caller’s slow body is not waited for', async () => {
    let parsed = 0
    const { app } = setup((it) => {
      it.use((request, _, next) => {
        parsed++
        express.json()(request, _, next)
      })
      it.post('/x', (_, response) => response.send('never'))
    })
    const port = await listen(app)
    const answer = await new Promise<{ status: number | undefined; connection: string | undefined }>(
      (resolve, reject) => {
        const sent = httpRequest({
          port,
          host: '127.0.0.1',
          path: '/x',
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': '1000000' },
        })
        sent.on('response', (response) => {
          resolve({ status: response.statusCode, connection: response.headers.connection })
          sent.destroy()
        })
        sent.on('error', reject)
        // The head and one byte; the rest never comes.
        sent.write('{')
      },
    )
    expect(answer).toEqual({ status: 401, connection: 'close' })
    expect(parsed).toBe(0)
  })

  it('nor is one whose length is unknown', async () => {
    const { app } = setup((it) => it.post('/x', (_, response) => response.send('never')))
    const headers = { 'transfer-encoding': 'chunked' }
    const answer = await call(await listen(app), '/x', { method: 'POST', headers })
    expect([answer.status, answer.headers.connection]).toEqual([401, 'close'])
  })

  it('200 concurrent calls at limit 10 pass exactly 10', async () => {
    const { app } = setup((it) => it.get('/x', (_, response) => response.send('ok')))
    requireDoors(app)
    const port = await listen(app)
    const answers = await Promise.all(Array.from({ length: 200 }, () => call(port, '/x', { headers: auth })))
    expect(answers.filter((answer) => answer.status === 200).length).toBe(10)
    expect(answers.filter((answer) => answer.status === 429).length).toBe(190)
  })
})
