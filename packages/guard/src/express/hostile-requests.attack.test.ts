// Whatever bytes arrive in headers, cookies and addresses: through Fastify and Express the guard answers, or the server
// cuts the connection; nothing is thrown past it, and the next honest request is served.
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import express from 'express'
import fc from 'fast-check'
import { fastify } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guardFastify, guardFrameworkErrors } from '../fastify/index.ts'
import { createGuard, createMemoryLimitStore, type Policy, systemClock } from '../index.ts'
import { createSecret } from '../secrets/secret.ts'
import {
  createAccessTokens,
  createMemoryRevocationStore,
  createRevocations,
  createTokenCookies,
  createTokenKeys,
  identifyByToken,
  inProcessRevocationBus,
} from '../tokens/index.ts'
import { guardExpress } from './index.ts'

const plenty = (name: string) => [{ name, by: 'address', quota: 1_000_000, windowMs: 60_000 }] as const
const tokens = {
  issuer: 'https://app.example',
  audience: 'https://api.example',
  cookies: { refreshPath: '/refresh' },
} as const
const policy: Policy = {
  doors: {
    known: {
      authentication: 'session-or-key',
      strangers: plenty('strangers'),
      actors: plenty('actors'),
      onStoreFailure: 'deny',
    },
    open: { authentication: 'none', strangers: plenty('open'), onStoreFailure: 'deny' },
  },
  routes: { 'GET /x': 'known', 'POST /x': 'known' },
  unmatched: 'open',
  credentialGuesses: { name: 'guesses', by: 'address', quota: 1_000_000, windowMs: 60_000 },
  clientAddress: { trustedProxies: ['loopback'] },
  browser: { origins: ['https://app.example'] },
  cors: { origins: ['https://partner.example'] },
  tokens,
  transport: { plainHttp: 'allow' },
}
const secret = createSecret('q8Zr1vYc0Lw5sKx9Tn2Jb7Ue4Gd6Ha3MpQfWiRoVzXA', { name: 'TEST' })
const thrown: unknown[] = []
const ports: Record<string, number> = {}
const closing: (() => Promise<unknown>)[] = []

function parts() {
  const guard = createGuard({ policy, store: createMemoryLimitStore({ clock: systemClock }) })
  const cookies = createTokenCookies(tokens, { https: false })
  const accessTokens = createAccessTokens({
    policy: tokens,
    keys: createTokenKeys({ algorithm: 'HS256', current: { kid: 'test', key: secret } }),
    revocations: createRevocations({ store: createMemoryRevocationStore(), bus: inProcessRevocationBus() }),
  })
  const identify = identifyByToken({
    accessTokens,
    cookie: cookies.access,
    toActor: ({ sub }) => ({ kind: 'user', id: sub }),
  })
  return { guard, identify }
}

beforeAll(async () => {
  const one = parts()
  const app = fastify({ frameworkErrors: guardFrameworkErrors(one.guard) })
  app.setErrorHandler((error, _, reply) => {
    thrown.push(error)
    return reply.code(500).send('thrown')
  })
  await app.register(guardFastify(one.guard, { identify: one.identify }))
  app.route({ method: ['GET', 'POST'], url: '/x', config: { door: 'known' }, handler: async () => 'ok' })
  await app.listen({ host: '127.0.0.1', port: 0 })
  ports.fastify = (app.server.address() as AddressInfo).port // A listening TCP server has a port.
  closing.push(() => app.close())

  const other = parts()
  const web = express()
  web.use(guardExpress(other.guard, { identify: other.identify }))
  web.all('/x', (_, response) => void response.send('ok'))
  web.use((error: unknown, _: unknown, response: express.Response, __: express.NextFunction) => {
    thrown.push(error)
    response.status(500).send('thrown')
  })
  const server: Server = createServer(web)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ports.express = (server.address() as AddressInfo).port // A listening TCP server has a port.
  closing.push(() => new Promise((resolve) => server.close(resolve)))
})
afterAll(() => Promise.all(closing.map((close) => close())))

/** The status of what comes back; 0 when the connection is cut. */
function send(port: number, bytes: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let got = ''
    socket.setTimeout(2_000, () => socket.destroy())
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1')
      socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(got)?.[1] ?? 0)))
  })
}

const names = fc.constantFrom(
  'authorization',
  'cookie',
  'origin',
  'referer',
  'sec-fetch-site',
  'x-forwarded-for',
  'x-forwarded-proto',
  'forwarded',
  'x-api-key',
  'content-type',
  'access-control-request-method',
  'content-security-policy',
  'x-request-id',
)
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const values = fc.oneof(
  // What Node's parser lets through, and rarely what it does not.
  { weight: 10, arbitrary: fc.uint8Array({ min: 0x80, max: 0xff, maxLength: 200 }).map(latin1) },
  { weight: 10, arbitrary: fc.uint8Array({ min: 0x20, max: 0x7e, maxLength: 200 }).map(latin1) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map(latin1) },
  {
    weight: 10,
    arbitrary: fc.constantFrom(
      'Bearer ',
      'Bearer a.b.c',
      `Bearer ${'a'.repeat(7_000)}`,
      'access=x; access=y',
      `access=${'='.repeat(3_000)}`,
      '__Host-access=a.b.c; access=%00%ff',
      'null',
      'https://partner.example',
      'https://evil.example',
      Array(500).fill('1.2.3.4').join(', '),
      'for="[::1%25eth0]";proto=https;by=_x',
      '-1',
    ),
  },
)

describe.each(['fastify', 'express'])('hostile requests through %s', (adapter) => {
  it('are refused or cut, never thrown past the guard', async () => {
    const port = ports[adapter] ?? 0
    const seen = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'GET', 'POST', 'POST', 'OPTIONS', 'TRACE', 'BREW'),
        fc.constantFrom(
          '/x',
          '/x',
          '/x',
          '/%zz',
          '/x?%ff',
          '//x',
          '/../x',
          `/${'a'.repeat(3_000)}`,
          '*',
          'http://evil/x',
        ),
        fc.array(fc.tuple(names, values), { maxLength: 12 }),
        async (method, path, headers) => {
          const lines = headers.map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, ' ')}`)
          const status = await send(
            port,
            Buffer.from(
              `${[`${method} ${path} HTTP/1.1`, 'host: a', ...lines].join('\r\n')}\r\n\r\n`,
              'latin1',
            ),
          )
          seen.set(status, (seen.get(status) ?? 0) + 1)
          expect(status).toBeLessThan(500)
          expect(thrown).toEqual([])
        },
      ),
      { numRuns: 300, seed: 20_261_121 },
    )
    // The guard itself has answered many of them, not the parser alone.
    expect(seen.get(401) ?? 0).toBeGreaterThan(5)
    expect(await send(port, Buffer.from('GET /x HTTP/1.1\r\nhost: a\r\n\r\n'))).toBe(401)
  }, 60_000)
})
