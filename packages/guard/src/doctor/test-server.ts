// A server behind the guard with one switch per fault. Without any it has none that the doctor knows.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type FastifyInstance, fastify } from 'fastify'
import { guardFastify } from '../fastify/index.ts'
import {
  createGuard,
  createMemoryLimitStore,
  definePolicy,
  type IdentifyResult,
  type Policy,
  systemClock,
} from '../index.ts'

const minute = 60_000
const byAddress = { name: 'by-address', by: 'address', quota: 40, windowMs: minute } as const
const byKey = { name: 'by-key', by: 'credential', quota: 40, windowMs: minute } as const

const soundPolicy = definePolicy({
  doors: {
    unmatched: { authentication: 'none', strangers: [byAddress], onStoreFailure: 'local' },
    page: { authentication: 'none', serves: 'page', strangers: [byAddress], onStoreFailure: 'local' },
    health: { authentication: 'none', strangers: [byAddress], transport: 'any', onStoreFailure: 'local' },
    echo: { authentication: 'none', strangers: [byAddress], onStoreFailure: 'local' },
    'notes.read': {
      authentication: 'api-key',
      strangers: [byAddress],
      actors: [byKey],
      onStoreFailure: 'deny',
    },
  },
  unmatched: 'unmatched',
  credentialGuesses: { name: 'guesses', by: 'address', quota: 30, windowMs: minute },
  clientAddress: { trustedProxies: ['loopback'] },
  browser: { origins: ['https://app.example'] },
  transport: { plainHttp: 'require-https', publicOrigin: 'https://app.example' },
})

/** What a fault changes. */
interface Fault {
  readonly policy?: Partial<Policy>
  readonly limits?: 'observe' | 'off'
  readonly bodyLimit?: number
  /** What the page sets; nothing for the sound one. */
  readonly cookie?: string
  readonly health?: unknown
  readonly leaksErrors?: true
  readonly opensSockets?: true
  readonly ignoresUpgrades?: true
  /** Changes the request before the guard sees it. */
  readonly incoming?: (request: IncomingMessage) => void
  /** Answers in the server's place. */
  readonly instead?: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Changes the headers of an answer; `undefined` removes one. */
  readonly headers?: (request: IncomingMessage) => Readonly<Record<string, string | undefined>>
}

const csp = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
const without = (...names: readonly string[]): Fault => ({
  headers: () => Object.fromEntries(names.map((name) => [name, undefined])),
})
const allowing = (origin: (sent: string) => string | undefined): Fault => ({
  headers: ({ headers }) => ({
    'access-control-allow-origin': headers.origin === undefined ? undefined : origin(headers.origin),
  }),
})
const serving = (path: string, body: string): Fault => ({
  instead: (request, response) => {
    if (request.url !== path) return false
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(body)
    return true
  },
})
const toHttps = (request: IncomingMessage, response: ServerResponse, host: string): boolean => {
  if (request.headers['x-forwarded-proto'] === 'https' || request.url?.startsWith('/health') === true)
    return false
  response.writeHead(308, { location: `https://${host}${request.url ?? ''}` }).end()
  return true
}

/** A policy refuses to say so in one word. */
const everybody = ['0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1']

/** Every fault by name. */
export const faults = {
  'believes the leftmost forwarded address': {
    policy: { clientAddress: { trustedProxies: everybody } },
  },
  'believes Forwarded from everybody': {
    policy: { clientAddress: { trustedProxies: everybody, header: 'forwarded' } },
  },
  'believes X-Real-IP': {
    incoming: ({ headers }) => {
      const named = headers['x-real-ip']
      if (typeof named === 'string') headers['x-forwarded-for'] = named
    },
  },
  'believes a forwarded address and hides its limits': {
    policy: { clientAddress: { trustedProxies: everybody } },
    ...without('ratelimit', 'ratelimit-policy'),
  },
  'answers plain HTTP': { policy: { transport: { plainHttp: 'allow' } } },
  'redirects API clients to HTTPS': {
    instead: (request, response) => toHttps(request, response, 'app.example'),
  },
  'redirects to the Host of the request': {
    instead: (request, response) =>
      request.url === '/' &&
      toHttps(request, response, request.headers['x-forwarded-host']?.toString() ?? 'app.example'),
  },
  'no HSTS': without('strict-transport-security'),
  'short HSTS': { headers: () => ({ 'strict-transport-security': 'max-age=3600' }) },
  'no content policy': without('content-security-policy'),
  'inline scripts': { headers: () => ({ 'content-security-policy': `${csp}; script-src 'unsafe-inline'` }) },
  'inline styles': { headers: () => ({ 'content-security-policy': `${csp}; style-src 'unsafe-inline'` }) },
  'scripts of any site': { headers: () => ({ 'content-security-policy': `${csp}; script-src https:` }) },
  'plug-ins and base allowed': {
    headers: () => ({ 'content-security-policy': "default-src 'self'; frame-ancestors 'none'" }),
  },
  'content sniffing': without('x-content-type-options'),
  framing: {
    headers: () => ({
      'x-frame-options': undefined,
      'content-security-policy': "default-src 'none'; base-uri 'none'",
    }),
  },
  'no referrer policy': without('referrer-policy'),
  'referrer policy unsafe-url': { headers: () => ({ 'referrer-policy': 'unsafe-url' }) },
  'no isolation of resources': without('cross-origin-resource-policy'),
  'no isolation of windows': without('cross-origin-opener-policy'),
  'X-Powered-By': { headers: () => ({ 'x-powered-by': 'Express' }) },
  'Server with a version': { headers: () => ({ server: 'nginx/1.18.0' }) },
  'CORS for everybody': allowing(() => '*'),
  'CORS repeats the origin': allowing((origin) => origin),
  'CORS for null': allowing((origin) => (origin === 'null' ? origin : undefined)),
  'CORS for localhost': allowing((origin) => (origin.includes('localhost') ? origin : undefined)),
  'health shows versions': {
    health: { status: 'ok', version: '1.2.3', uptime: 17, database: 'postgres 18' },
  },
  'metrics for strangers': serving(
    '/metrics',
    '# HELP process_cpu_seconds_total\nprocess_cpu_seconds_total 17\n',
  ),
  'serves .env': serving('/.env', 'DATABASE_URL=postgres://app:password@db/app\n'),
  'serves .git': serving('/.git/HEAD', 'ref: refs/heads/main\n'),
  'sockets for every origin': { opensSockets: true },
  'upgrades without an answer': { ignoresUpgrades: true },
  'bodies of any size': { bodyLimit: 1_000_000_000 },
  'answers TRACE': {
    instead: (request, response) => {
      if (request.method !== 'TRACE') return false
      response.writeHead(200, { 'content-type': 'message/http' }).end(`TRACE ${request.url} HTTP/1.1\r\n`)
      return true
    },
  },
  'errors with stacks': { leaksErrors: true },
  'cookie for scripts': { cookie: '__Host-visit=1; Path=/; Secure; SameSite=Lax' },
  'cookie for plain HTTP': { cookie: '__Host-visit=1; Path=/; HttpOnly; SameSite=Lax' },
  'cookie for other sites': { cookie: '__Host-visit=1; Path=/; Secure; HttpOnly' },
  'cookie without prefix': { cookie: 'visit=1; Path=/; Secure; HttpOnly; SameSite=Lax' },
  'limits observe only': { limits: 'observe' },
  'limits off': { limits: 'off' },
  'refusals without Retry-After': without('retry-after'),
  'own answers for caches': {
    headers: ({ headers }) => ({
      'cache-control': headers.authorization === undefined ? 'no-store' : 'public, max-age=60',
    }),
  },
  'a wrong clock': { headers: () => ({ date: 'Thu, 01 Jan 2015 00:00:00 GMT' }) },
  'no content type': { headers: ({ url }) => (url === '/health' ? { 'content-type': undefined } : {}) },
  'text without charset': { headers: ({ url }) => (url === '/' ? { 'content-type': 'text/html' } : {}) },
} as const satisfies Record<string, Fault>

export type FaultName = keyof typeof faults

/** A key that the server takes. */
export const visitorsKey = 'Bearer visitors-key'

export interface TestServer {
  readonly url: string
  readonly policy: Policy
  close(): Promise<void>
}

/** Starts the server on a free port of this machine. */
export async function startTestServer(name?: FaultName): Promise<TestServer> {
  const fault: Fault = name === undefined ? {} : faults[name]
  const policy = { ...soundPolicy, ...fault.policy }
  const app = await buildApp(policy, fault)
  const server = app.server
  await app.listen({ port: 0, host: '127.0.0.1' })
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    policy,
    async close() {
      server.closeAllConnections()
      await app.close()
    },
  }
}

async function buildApp(policy: Policy, fault: Fault): Promise<FastifyInstance> {
  const guard = createGuard({
    policy,
    store: createMemoryLimitStore({ clock: systemClock }),
    switches: { mode: (protection) => (protection === 'limits' ? (fault.limits ?? 'enforce') : 'enforce') },
  })
  const app = fastify({
    bodyLimit: fault.bodyLimit ?? 100_000,
    serverFactory: (handler) => {
      const server = createServer((request, response) => {
        fault.incoming?.(request)
        rewriteHeaders(request, response, fault)
        if (fault.instead?.(request, response) !== true) handler(request, response)
      })
      server.on('upgrade', (request, socket) => {
        if (fault.ignoresUpgrades === true) {
          socket.resume().on('end', () => socket.destroy())
          return
        }
        const own = request.headers.origin === 'https://app.example' || fault.opensSockets === true
        const accept = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'
        socket.end(
          own && request.url === '/ws' ? accept : 'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n',
        )
      })
      return server
    },
    frameworkErrors: (_error, _request, reply) => {
      const headers = guard.headersFor(guard.open(guard.unmatched, sound))
      reply.raw.writeHead(400, { ...headers, 'content-length': '0' }).end()
    },
  })
  app.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
    const stack = error instanceof Error && fault.leaksErrors === true ? { stack: error.stack } : {}
    void reply.code(status).send({ code: 'failed', ...stack })
  })
  await app.register(
    guardFastify(guard, {
      identify(request): IdentifyResult {
        const key = request.headers.authorization
        if (key === undefined) return { outcome: 'missing' }
        if (key !== visitorsKey) return { outcome: 'invalid' }
        return { outcome: 'identified', actor: { kind: 'apiKey', id: 'key_1', keyId: 'key_1', via: 'key' } }
      },
    }),
  )
  const cookie = fault.cookie ?? '__Host-visit=1; Path=/; Secure; HttpOnly; SameSite=Lax'
  app.get('/', { config: { door: 'page' } }, (_request, reply) =>
    reply
      .header('set-cookie', cookie)
      .type('text/html; charset=utf-8')
      .send('<!doctype html><title>Test</title>'),
  )
  app.get('/health', { config: { door: 'health' } }, () => fault.health ?? { status: 'ok' })
  app.get('/notes', { config: { door: 'notes.read' } }, (request, reply) =>
    reply.header('cache-control', 'no-store').send({ of: request.guard.actor?.id }),
  )
  app.post('/echo', { config: { door: 'echo' } }, ({ body }) => ({ length: JSON.stringify(body)?.length }))
  return app
}

/** A request with nothing to object to. */
const sound = { method: 'GET', url: '/', remoteAddress: '127.0.0.1', encrypted: true, headers: {} }

function rewriteHeaders(request: IncomingMessage, response: ServerResponse, fault: Fault): void {
  const { headers } = fault
  if (headers === undefined) return
  const { setHeader, writeHead } = response
  const changed = new Map(Object.entries(headers(request)))
  response.setHeader = (name, value) =>
    changed.has(name.toLowerCase()) ? response : setHeader.call(response, name, value)
  response.writeHead = (status: number, ...rest: unknown[]) => {
    const given: Readonly<Record<string, string>> = Object(rest.at(-1) ?? {})
    for (const [name, value] of Object.entries(given)) {
      if (!changed.has(name.toLowerCase())) setHeader.call(response, name, value)
    }
    for (const [name, value] of changed) {
      if (value === undefined) response.removeHeader(name)
      else setHeader.call(response, name, value)
    }
    return writeHead.call(response, status)
  }
}
