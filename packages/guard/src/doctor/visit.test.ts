// Where the doctor goes and where it does not, and how it stands to what it visits.
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createGuard, createMemoryLimitStore, definePolicy, systemClock } from '../index.ts'
import { doctor } from './doctor.ts'
import { makeCertificate } from './test-certificate.ts'
import { startTestServer } from './test-server.ts'
import { isThisMachine } from './this-machine.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
      server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an address with a port.
  return (server.address() as AddressInfo).port
}

async function start(handler: RequestListener): Promise<{ port: number; hits: IncomingMessage[] }> {
  const hits: IncomingMessage[] = []
  const server = createServer((request, response) => {
    hits.push(request)
    handler(request, response)
  })
  return { port: await listen(server), hits }
}

const byAddress = { name: 'by-address', by: 'address', quota: 60, windowMs: 60_000 } as const
const policy = definePolicy({
  doors: {
    unmatched: { authentication: 'none', strangers: [byAddress], onStoreFailure: 'local' },
    probe: { authentication: 'none', strangers: [byAddress], transport: 'any', onStoreFailure: 'local' },
    notes: {
      authentication: 'api-key',
      strangers: [byAddress],
      actors: [byAddress],
      onStoreFailure: 'local',
    },
  },
  unmatched: 'unmatched',
  routes: { 'GET /are-you-there': 'probe', 'GET /notes/:id/*': 'notes', 'POST /notes': 'notes' },
  credentialGuesses: { name: 'guesses', by: 'address', quota: 300, windowMs: 60_000 },
  clientAddress: { trustedProxies: ['10.0.0.1'] },
  browser: { origins: ['https://app.example'] },
  transport: { plainHttp: 'require-https', publicOrigin: 'https://app.example' },
})

describe('the doctor', () => {
  it.each([
    ['http://192.0.2.1:3000', 'not this machine'],
    ['http://10.0.0.1', 'not this machine'],
    ['http://localhost.evil.example', 'not this machine'],
    ['http://127.0.0.1@evil.example/', 'not this machine'],
    ['https://[2001:db8::1]/', 'not this machine'],
    ['ftp://127.0.0.1/', 'no http:// or https:// address'],
    ['nonsense', 'no http:// or https:// address'],
  ])('does not go to %s', async (url, message) => {
    await expect(doctor({ server: { url } })).rejects.toThrow(message)
  })

  it('knows this machine by its names', () => {
    const urls = ['http://localhost:1', 'https://a.localhost', 'http://127.9.9.9', 'http://[::1]:3000/x']
    expect(urls.map(isThisMachine)).toEqual([true, true, true, true])
    expect(['http://example.com', 'nonsense', 'http://[::2]'].map(isThisMachine)).toEqual([
      false,
      false,
      false,
    ])
  })

  it('goes to a host that was named, and is a stranger there: one forged header, no proxy’s words', async () => {
    const { port, hits } = await start((request, response) => {
      // Counts whatever X-Forwarded-For says, as a server without any proxy must not.
      const counted = String(request.headers['x-forwarded-for'] ?? 'socket')
      counts.set(counted, (counts.get(counted) ?? 0) + 1)
      response.setHeader('x-ratelimit-remaining', String(100 - (counts.get(counted) ?? 0)))
      response.end()
    })
    const counts = new Map<string, number>()
    const report = await doctor({ server: { url: `http://0.0.0.0:${port}`, allowHosts: ['0.0.0.0'] } })
    expect(report.findings.filter(({ code }) => code === 'GUARD-101').map(({ place }) => place)).toEqual([
      'x-forwarded-for',
    ])
    expect(report.production).toBe(true)
    for (const { headers } of hits) expect(String(headers['x-forwarded-for'] ?? '')).not.toContain(',')
  })

  it('visits the guard’s routes with parameters filled in, and leaves machines their plain HTTP', async () => {
    const { port, hits } = await start((_request, response) => response.end())
    const guard = createGuard({ policy, store: createMemoryLimitStore({ clock: systemClock }) })
    const { findings } = await doctor({ guard, server: { url: `http://127.0.0.1:${port}` } })
    const urls = new Set(hits.map(({ method, url }) => `${method} ${url}`))
    expect([...urls]).toEqual(
      expect.arrayContaining(['GET /are-you-there', 'GET /notes/guard-doctor/guard-doctor', 'POST /notes']),
    )
    const plain = findings.find(({ code }) => code === 'GUARD-102')
    expect(plain?.place).toMatch(/^GET \/notes\/guard-doctor\/guard-doctor, GET \/guard-doctor-\w+$/)
    // No proxy on this machine is trusted, so the doctor does not play one.
    expect(hits.some(({ headers }) => String(headers['x-forwarded-for']).includes(','))).toBe(false)
  })

  it('from a policy alone it takes the policy’s routes, and plays the proxy that it trusts', async () => {
    let remaining = 1000
    const { port, hits } = await start((_request, response) => {
      response.setHeader('ratelimit', `"by-address";r=${--remaining};t=60`)
      response.end()
    })
    const trusting = { ...policy, clientAddress: { trustedProxies: ['loopback'] } }
    const { passed } = await doctor({ policy: trusting, server: { url: `http://127.0.0.1:${port}` } })
    expect(hits.some(({ url }) => url === '/notes/guard-doctor/guard-doctor')).toBe(true)
    const forwarded = new Set(hits.map(({ headers }) => String(headers['x-forwarded-for'])))
    expect([...forwarded].some((it) => /^203\.0\.113\.\d+, 192\.0\.2\.7$/.test(it))).toBe(true)
    expect(passed).toEqual(expect.arrayContaining(['GUARD-101', 'GUARD-123']))
  })

  it('over HTTPS it takes a certificate that this machine made for itself', async () => {
    const server = createSecureServer(makeCertificate(), (_request, response) => {
      response.setHeader('strict-transport-security', 'max-age=60')
      response.end()
    })
    const port = await listen(server)
    const { findings, skipped, passed } = await doctor({
      facts: { production: true },
      server: { url: `https://localhost:${port}` },
    })
    expect(findings.map(({ code }) => code)).toContain('GUARD-105')
    expect(skipped).toContainEqual({ code: 'GUARD-102', why: 'the address given is https://' })
    expect(passed).toContain('GUARD-126')
  })

  it('in development plain HTTP is no fault', async () => {
    const { port } = await start((_request, response) => response.end())
    const { skipped, production } = await doctor({ server: { url: `http://127.0.0.1:${port}` } })
    expect(production).toBe(false)
    expect(skipped).toEqual(
      expect.arrayContaining([
        { code: 'GUARD-102', why: 'only in production' },
        { code: 'GUARD-105', why: 'nothing was answered over HTTPS' },
      ]),
    )
  })

  it('production is what NODE_ENV says, too', async () => {
    const before = process.env.NODE_ENV
    process.env.NODE_ENV = 'production'
    try {
      expect((await doctor({ policy: { ...policy, browser: { origins: [] } } })).production).toBe(true)
    } finally {
      process.env.NODE_ENV = before
    }
  })

  it('stops at its number of requests and says what was not asked any more', async () => {
    const { port, hits } = await start((_request, response) => response.end())
    const { skipped } = await doctor({ server: { url: `http://127.0.0.1:${port}`, maxRequests: 30 } })
    expect(hits.length).toBe(30)
    expect(skipped).toEqual(
      expect.arrayContaining([
        { code: 'GUARD-117', why: 'The probes end here: 30 requests are used up.' },
        { code: 'GUARD-123', why: 'too few requests were left to meet a limit' },
      ]),
    )
  })

  it('stops at its time, however slowly a server answers', async () => {
    const { port } = await start((request, response) => {
      // What everybody looks for never ends.
      if (request.url?.startsWith('/health') === true) response.write('x')
      else response.end()
    })
    const started = performance.now()
    const { skipped } = await doctor({ server: { url: `http://127.0.0.1:${port}`, timeoutMs: 400 } })
    expect(performance.now() - started).toBeLessThan(3000)
    expect(skipped).toContainEqual({ code: 'GUARD-123', why: 'The probes end here: 400 ms are used up.' })
  })

  it('reads at most 64 KiB of an answer and survives connections that break', async () => {
    const { port, hits } = await start((request, response) => {
      if (request.method === 'TRACE') request.socket.destroy()
      else if (request.url === '/') response.end('x'.repeat(5_000_000))
      else {
        response.writeHead(200, { 'content-length': '1000' })
        response.write('{"version":')
        request.socket.end()
      }
    })
    const { passed, findings } = await doctor({ server: { url: `http://127.0.0.1:${port}` } })
    expect(hits.length).toBeGreaterThan(50)
    expect(passed).toContain('GUARD-120')
    expect(findings.map(({ code }) => code)).toContain('GUARD-116')
  })

  it('a limit that refuses its questions is no answer to them', async () => {
    const { port } = await start((_request, response) => {
      response.writeHead(429, { 'retry-after': '60' }).end()
    })
    const { skipped, passed, complete, retryAfterMs } = await doctor({
      server: { url: `http://127.0.0.1:${port}` },
    })
    expect([complete, retryAfterMs]).toEqual([false, 60_000])
    const why = 'the server’s limits refused the questions; wait and repeat'
    expect(skipped).toEqual(
      expect.arrayContaining([
        { code: 'GUARD-116', why },
        { code: 'GUARD-117', why },
      ]),
    )
    expect(passed).toEqual(expect.arrayContaining(['GUARD-123', 'GUARD-124', 'GUARD-101']))
  })

  it('looking around in vain leaves every check open that judges what was seen', async () => {
    let asked = 0
    const { port } = await start((_request, response) => {
      // The first asks whether plain HTTP is refused, the others look around.
      const limited = ++asked > 1 && asked < 4
      response
        .writeHead(limited ? 429 : 200, limited ? { 'retry-after': '60' } : { connection: 'close' })
        .end()
    })
    const { skipped, complete } = await doctor({ server: { url: `http://127.0.0.1:${port}` } })
    const why = 'the server’s limits refused the questions; wait and repeat'
    expect(skipped).toEqual(
      expect.arrayContaining([
        { code: 'GUARD-107', why },
        { code: 'GUARD-127', why },
      ]),
    )
    expect(complete).toBe(false)
  })

  it('waits for what Retry-After says, a date as well, but no longer than it was told', async () => {
    let asked = 0
    const waits: number[] = []
    const { port } = await start((_request, response) => {
      const when = ++asked === 2 ? '1' : asked === 6 ? new Date(Date.now() + 500).toUTCString() : undefined
      if (when === undefined) response.end()
      else response.writeHead(429, { 'retry-after': when }).end()
    })
    const server = {
      url: `http://127.0.0.1:${port}`,
      maxWaitMs: 2500,
      timeoutMs: 20_000,
      onWait: (ms: number) => void waits.push(ms),
    }
    const report = await doctor({ server })
    expect(waits.length).toBe(2)
    expect(waits[0]).toBe(1000)
    expect(report).toMatchObject({ complete: true })
    expect(report).not.toHaveProperty('retryAfterMs')
  })

  it('a server that wants an upgrade has refused plain HTTP', async () => {
    const { port } = await start((request, response) => {
      response.statusCode = request.headers['x-forwarded-proto'] === 'https' ? 404 : 426
      response.end()
    })
    const facts = { production: true }
    const { passed } = await doctor({ facts, server: { url: `http://127.0.0.1:${port}` } })
    expect(passed).toEqual(expect.arrayContaining(['GUARD-102', 'GUARD-103']))
  })

  it('more than three places are counted, not listed', async () => {
    const server = await startTestServer('content sniffing')
    const { findings } = await doctor({
      facts: { production: true },
      server: { url: server.url, paths: ['/', '/health', '/notes', '/echo', '/a', '/b'] },
    })
    expect(findings.map(({ place }) => place)).toEqual(['GET /, GET /health, GET /notes and 4 more'])
    await server.close()
  })

  it('what is broken in itself is not hidden', async () => {
    const { port } = await start((_request, response) => response.end())
    const guard = createGuard({ policy, store: createMemoryLimitStore({ clock: systemClock }) })
    const broken = {
      ...guard,
      explain: () => {
        throw new Error('broken')
      },
    }
    const server = { url: `http://127.0.0.1:${port}` }
    await expect(doctor({ guard: broken, facts: { production: true }, server })).rejects.toThrow('broken')
  })
})
