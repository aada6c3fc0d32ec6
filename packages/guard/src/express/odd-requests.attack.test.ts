// Express and the policy's table find routes in different ways. Whatever a request looks like, and in whatever order
// an application registers its routes: a handler runs behind the door that the policy names for it, or not at all.
import { Agent, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { seededRandom } from '@levqor/testing'
import express, { type Application, type Request } from 'express'
import { afterAll, describe, expect, it, vi } from 'vitest'
import {
  createGuard,
  createMemoryLimitStore,
  type Door,
  type DoorRule,
  type IdentifyResult,
} from '../index.ts'
import { guardExpress, requireDoors } from './index.ts'

const agent = new Agent({ keepAlive: true, maxSockets: 8 })
const servers: Server[] = []
afterAll(async () => {
  agent.destroy()
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
})

const unlimited = { strangers: [], unlimited: 'counted elsewhere', onStoreFailure: 'allow' } as const
const free: DoorRule = { authentication: 'none', ...unlimited }
const keyed: DoorRule = { authentication: 'api-key', ...unlimited }
const doorNames = ['free', 'keyed', 'also-free'] as const

function guarded(
  routes: Record<string, string>,
  identify: (request: Request, door: Door) => IdentifyResult = () => ({ outcome: 'missing' }),
): Application {
  const guard = createGuard({
    policy: {
      doors: { unmatched: free, free, keyed, 'also-free': free },
      unmatched: 'unmatched',
      routes,
      credentialGuesses: { name: 'guesses', by: 'address', quota: 100, windowMs: 60_000 },
      clientAddress: { trustedProxies: [] },
      browser: { origins: [], unknown: 'allow' },
      transport: { plainHttp: 'allow' },
    },
    store: createMemoryLimitStore({ clock: Date }),
  })
  const app = express()
  app.use(guardExpress(guard, { identify }))
  return app
}

async function listen(app: Application): Promise<number> {
  const server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started))
  })
  servers.push(server)
  // A listening TCP server has an address with a port.
  return (server.address() as AddressInfo).port
}

function call(port: number, method: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ port, host: '127.0.0.1', path, method, agent }, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        body += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('the door of a handler', () => {
  it('is the one that the policy names for it, for every spelling and every order of routes', async () => {
    const random = seededRandom(20260)
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T // never empty
    const segments = ['a', 'A', 'b', 'admin', ':id', ':x']
    const spelled = [
      'a',
      'A',
      '%61',
      'b',
      'admin',
      'ADMIN',
      '%61dmin',
      'adm%69n',
      'x',
      '',
      '.',
      '..',
      '%2e',
      '%2F',
      'a;b',
      '\\',
      '%',
      '*',
      ':id',
    ]
    let ran = 0
    for (let round = 0; round < 15; round++) {
      const wanted = new Map<string, (typeof doorNames)[number]>()
      const shapes = new Set<string>()
      while (wanted.size < 6) {
        const length = Math.floor(random() * 4)
        const parts = Array.from({ length }, () => pick(segments)).map((part, i) =>
          part[0] === ':' ? `:p${i}` : part,
        )
        const path = `/${parts.join('/')}${length > 0 && random() < 0.15 ? '/*' : ''}`
        const shape = path.replace(/:\w+/g, ':').toLowerCase()
        if (shapes.has(shape)) continue
        shapes.add(shape)
        wanted.set(path, pick(doorNames))
      }
      const routes = Object.fromEntries(
        [...wanted].map(([path, door]) => [`${random() < 0.7 ? 'GET' : 'POST'} ${path}`, door]),
      )
      const app = guarded(routes)
      const wrong: string[] = []
      for (const [route, door] of Object.entries(routes).sort(() => random() - 0.5)) {
        const [method, path = ''] = route.split(' ')
        const served = app.route(path.endsWith('*') ? `${path}rest` : path)
        served[method === 'GET' ? 'get' : 'post']((request, response) => {
          ran++
          if (request.guard.door.name !== door)
            wrong.push(`${request.url}: ${route} behind ${request.guard.door.name}`)
          response.send('ran')
        })
      }
      requireDoors(app)
      const port = await listen(app)
      const paths = Array.from({ length: 40 }, () => {
        const count = Math.floor(random() * 5)
        return `/${Array.from({ length: count }, () => pick(spelled)).join('/')}${random() < 0.2 ? '?q=/admin' : ''}`
      })
      const exact = [...wanted.keys()].map((path) => path.replace(/:\w+|\*/g, 'zz'))
      await Promise.all(
        [...paths, ...exact].map((path) => call(port, pick(['GET', 'GET', 'HEAD', 'POST']), path)),
      )
      expect(wrong).toEqual([])
    }
    // The search must have found something to look at.
    expect(ran).toBeGreaterThan(50)
  })

  it('holds for the route that comes first in Express and second in the policy', async () => {
    const app = guarded({ 'GET /:page': 'keyed', 'GET /about': 'free' })
    app.get('/:page', (_, response) => response.send('secret'))
    app.get('/about', (_, response) => response.send('about'))
    requireDoors(app)
    expect((await call(await listen(app), 'GET', '/about')).status).toBe(401)
  })

  it('holds when middleware changes method or path after the guard', async () => {
    const app = guarded({
      'POST /notes': 'free',
      'DELETE /notes': 'keyed',
      'GET /old': 'free',
      'GET /new': 'keyed',
    })
    app.use((request, _, next) => {
      if (request.query._method !== undefined) request.method = String(request.query._method)
      if (request.url === '/old') request.url = '/new'
      next()
    })
    app.post('/notes', (_, response) => response.send('posted'))
    app.delete('/notes', (_, response) => response.send('deleted'))
    app.get('/old', (_, response) => response.send('old'))
    app.get('/new', (_, response) => response.send('new'))
    requireDoors(app)
    const port = await listen(app)
    expect(await call(port, 'POST', '/notes')).toEqual({ status: 200, body: 'posted' })
    expect((await call(port, 'POST', '/notes?_method=DELETE')).status).toBe(401)
    expect((await call(port, 'GET', '/old')).status).toBe(401)
  })

  it('holds when the second question cannot be answered', async () => {
    const app = guarded({ 'GET /:page': 'keyed', 'GET /about': 'free' }, () => {
      throw new Error('no answer')
    })
    let handled = false
    app.get('/:page', () => {
      handled = true
    })
    requireDoors(app)
    app.set('env', 'test')
    expect([(await call(await listen(app), 'GET', '/about')).status, handled]).toEqual([500, false])
  })

  it('holds for a handler of all methods: those the policy does not name have none', async () => {
    const app = guarded({ 'GET /notes': 'free', 'PATCH /notes': 'keyed' })
    app.use((request, _, next) => {
      request.method = String(request.query._method ?? request.method)
      next()
    })
    app.all('/notes', (request, response) => response.send(request.method))
    requireDoors(app)
    const port = await listen(app)
    expect(await call(port, 'GET', '/notes')).toEqual({ status: 200, body: 'GET' })
    expect((await call(port, 'PATCH', '/notes')).status).toBe(401)
    expect((await call(port, 'DELETE', '/notes')).status).toBe(404)
    expect((await call(port, 'GET', '/notes?_method=DELETE')).status).toBe(404)
  })
})

describe('without the boot check', () => {
  it('the first request makes it, and an application with a gap answers nothing', async () => {
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const app = guarded({ 'GET /a': 'free' })
    app.get('/a', (_, response) => response.send('a'))
    app.get('/forgotten', (_, response) => response.send('never'))
    const port = await listen(app)
    for (const path of ['/a', '/forgotten', '/a']) {
      const answer = await call(port, 'GET', path)
      expect([answer.status, JSON.parse(answer.body).code]).toEqual([500, 'door_unknown'])
    }
    const gap = expect.stringContaining("GET /forgotten: the policy's routes do not name it.")
    expect(warning.mock.calls).toEqual([[gap, { code: 'GUARD_DOOR_MISSING' }]])
    warning.mockRestore()
  })
})
