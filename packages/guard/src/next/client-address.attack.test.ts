// Behind Next.js a handler sees only headers, and a client writes headers. Its address must be the one that its
// connection came from all the same.
import { channel } from 'node:diagnostics_channel'
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createGuard, createMemoryLimitStore } from '../index.ts'
import { stampedConnection } from './connection.ts'
import { guardNext, stampConnections } from './index.ts'

const strangers = [{ name: 'strangers', by: 'address', quota: 5, windowMs: 60_000 }] as const
const open: Server[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

/** A server that shows its handler headers only, with the header that Next adds when the client sent none. */
async function setup(trustedProxies: readonly string[] = []) {
  const guard = createGuard({
    policy: {
      doors: { open: { authentication: 'none', strangers, onStoreFailure: 'local' } },
      unmatched: 'open',
      credentialGuesses: { name: 'guesses', by: 'address', quota: 100, windowMs: 60_000 },
      clientAddress: { trustedProxies },
      browser: { origins: [] },
      transport: { plainHttp: 'allow' },
    },
    store: createMemoryLimitStore({ clock: { now: () => 1_800_000_000_000 } }),
  })
  const handler = guardNext(guard, 'open', (_, { clientIp, https }) => Response.json([clientIp, https]))
  const server = createServer(async (request, response) => {
    request.headers['x-forwarded-for'] ??= request.socket.remoteAddress
    const answer = await handler(new Request('http://app.example/', { headers: flat(request.headers) }))
    response.writeHead(answer.status).end(await answer.text())
  })
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo
  return (headers: Record<string, string> = {}) => call(port, headers)
}

function flat(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).map(([name, value]) => [name, String(value)])
}

function call(port: number, headers: Record<string, string>): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ port, host: '127.0.0.1', headers, agent: false }, (answer) => {
      let body = ''
      answer.on('data', (chunk) => {
        body += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(body) }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

const forged = [
  { 'x-forwarded-for': '203.0.113.9' },
  { 'x-guard-connection': 'https 203.0.113.9' },
  { 'x-guard-connection': 'undefined https 203.0.113.9' },
  { 'X-Guard-Connection': `${'0'.repeat(32)} https 203.0.113.9` },
  { 'x-real-ip': '203.0.113.9', forwarded: 'for=203.0.113.9;proto=https', 'x-forwarded-proto': 'https' },
]

// In order: the stamp stays for the rest of the process.
describe('before anything stamps connections', () => {
  it('everybody shares one address, whatever they send, and it is said once', async () => {
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const send = await setup(['loopback'])
    for (const headers of forged)
      expect(await send(headers)).toEqual({ status: 200, body: ['0.0.0.0', false] })
    expect((await send({ 'x-forwarded-for': '203.0.113.10' })).status).toBe(429)
    expect(warning).toHaveBeenCalledTimes(1)
    expect(warning.mock.calls[0]?.[0]).toContain('stampConnections()')
    warning.mockRestore()
  })
})

describe('with stamped connections', () => {
  it('the address is the socket’s, whatever a client sends', async () => {
    stampConnections()
    stampConnections()
    const send = await setup()
    for (const headers of forged)
      expect(await send(headers)).toEqual({ status: 200, body: ['127.0.0.1', false] })
    expect((await send({ 'x-guard-connection': 'x' })).status).toBe(429)
  })

  it('a trusted proxy is believed, from the right', async () => {
    stampConnections()
    const send = await setup(['loopback'])
    const headers = { 'x-forwarded-for': '192.0.2.1, 203.0.113.9', 'x-forwarded-proto': 'https' }
    expect((await send(headers)).body).toEqual(['203.0.113.9', true])
    expect((await send()).body).toEqual(['127.0.0.1', false])
  })

  it('knows encrypted connections, and sockets without an address', async () => {
    stampConnections()
    const seen = (socket: object): unknown => {
      const request = { headers: {}, socket }
      channel('http.server.request.start').publish({ request })
      return Object.values(request.headers)[0]
    }
    expect(seen({ encrypted: true, remoteAddress: '2001:db8::1' })).toMatch(
      /^[0-9a-f]{32} https 2001:db8::1$/,
    )
    expect(seen({})).toMatch(/^[0-9a-f]{32} http $/)
    const headers = { 'x-guard-connection': String(seen({})) }
    expect(stampedConnection(new Request('http://app.example', { headers }))).toEqual({
      remoteAddress: undefined,
      encrypted: false,
    })
  })
})
