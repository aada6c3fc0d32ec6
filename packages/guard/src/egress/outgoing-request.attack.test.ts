// Server-side request forgery and hostile servers: everything a tenant can aim at or a target can answer.
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type Handler, listen, setupEgress as setup } from './egress-for-tests.ts'
import { createEgress } from './index.ts'

const ok: Handler = (_, response) => {
  response.end('ok')
}
const redirectTo =
  (location: string, status = 302): Handler =>
  (_, response) => {
    response.writeHead(status, { location }).end()
  }

describe('where a request may not lead', () => {
  it.each([
    ['http://127.0.0.1/', 'loopback'],
    ['http://localhost/', 'loopback'],
    ['http://LOCALHOST./', 'loopback'],
    ['http://2130706433/', 'loopback'],
    ['http://0x7f000001/', 'loopback'],
    ['http://0177.0.0.1/', 'loopback'],
    ['http://127.1/', 'loopback'],
    ['http://0x7f.1/', 'loopback'],
    ['http://①②⑦.0.0.1/', 'loopback'],
    ['http://0/', 'unspecified'],
    ['http://[::]/', 'unspecified'],
    ['http://[::1]/', 'loopback'],
    ['http://[::ffff:127.0.0.1]/', 'ipv4-in-ipv6'],
    ['http://[::ffff:7f00:1]/', 'ipv4-in-ipv6'],
    ['http://[64:ff9b::7f00:1]/', 'ipv4-in-ipv6'],
    ['http://[2002:7f00:1::]/', '6to4'],
    ['http://[fd00:ec2::254]/', 'metadata'],
    ['http://169.254.169.254/latest/meta-data/', 'metadata'],
    ['http://192.168.0.1/', 'private'],
    ['http://10.0.0.1:8080/', 'private'],
    ['http://100.64.0.1/', 'carrier-grade-nat'],
    ['ftp://example.com/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['gopher://127.0.0.1/', 'scheme'],
    ['http://user:pass@example.com/', 'credentials-in-url'],
    ['not a url', 'not-a-url'],
    ['http://1.2.3.4.5/', 'not-a-url'],
  ])('%s is blocked: %s', async (target, reason) => {
    const { failure, events, hits } = await setup(ok)
    expect(await failure(target, { requestId: 'req-1', workspaceId: 'ws_1' })).toEqual({
      code: 'egress_blocked',
      reason,
    })
    expect(events).toMatchObject([{ event: 'egress.blocked', requestId: 'req-1', details: { reason } }])
    expect(hits.length).toBe(0)
  })

  it('an allowed address is allowed on its port only', async () => {
    const { egress, url, port, failure } = await setup(ok)
    expect((await egress.fetch(url)).status).toBe(200)
    expect(await failure(`http://127.0.0.1:${port === 65_535 ? 1 : port + 1}/`)).toMatchObject({
      code: 'egress_blocked',
    })
  })

  it('an allowed host may lead inside', async () => {
    const { egress, port } = await setup(ok, {
      allow: ['internal.example'],
      resolve: async () => ['127.0.0.1'],
    })
    expect((await egress.fetch(`http://internal.example:${port}/`)).status).toBe(200)
  })

  it.each(['TRACE', 'CONNECT', 'BREW'])('the method %s is blocked', async (method) => {
    const { failure, url } = await setup(ok)
    expect(await failure(url, { method })).toEqual({ code: 'egress_blocked', reason: 'method' })
  })
})

describe('names', () => {
  it('DNS rebinding: the connection goes to the address that was checked', async () => {
    let asked = 0
    // First answer allowed, every later one inside. If anybody asked twice, the request would land elsewhere.
    const resolve = async () => (++asked === 1 ? ['127.0.0.1'] : ['127.0.0.2'])
    const port = await listen(createServer(ok))
    const egress = createEgress({ allow: [`127.0.0.1:${port}`], resolve })
    expect((await egress.fetch(`http://rebind.example:${port}/`)).status).toBe(200)
    expect(asked).toBe(1)
  })

  it('DNS rebinding across redirects: every hop is checked again', async () => {
    let asked = 0
    const resolve = async () => (++asked === 1 ? ['127.0.0.1'] : ['10.0.0.1'])
    const { failure, port } = await setup(redirectTo('/again'), { resolve })
    expect(await failure(`http://rebind.example:${port}/`)).toEqual({
      code: 'egress_blocked',
      reason: 'private',
    })
  })

  it.each([
    [['93.184.215.14', '127.0.0.1'], 'loopback'],
    [['2606:4700::1111', '::ffff:10.0.0.1'], 'ipv4-in-ipv6'],
    [['fe80::1%eth0'], 'link-local'],
  ])('one forbidden address among %j is enough', async (answer, reason) => {
    const { failure } = await setup(ok, { resolve: async () => answer })
    expect(await failure('http://mixed.example/')).toEqual({ code: 'egress_blocked', reason })
  })

  it.each<[string, () => Promise<string[]>, string]>([
    ['no address', async () => [], 'no-address'],
    ['an error', () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })), 'ENOTFOUND'],
    ['an error without a code', () => Promise.reject(new Error('x')), 'failed'],
    ['nonsense', async () => ['nonsense'], 'bad-answer'],
  ])('%s is unresolvable', async (_, resolve, reason) => {
    const { failure } = await setup(ok, { resolve })
    expect(await failure('http://gone.example/')).toEqual({ code: 'egress_unresolvable', reason })
  })

  it('errors never tell what a name resolved to', async () => {
    const egress = createEgress({ resolve: async () => ['10.11.12.13'] })
    await expect(egress.fetch('http://probe.example/')).rejects.toThrow(/^((?!10\.11).)*$/)
  })
})

describe('redirects', () => {
  it('inward is blocked', async () => {
    for (const target of ['http://169.254.169.254/', 'http://[::1]/', 'file:///etc/passwd', '//10.0.0.1/']) {
      const { failure, url } = await setup(redirectTo(target))
      expect((await failure(url)).code).toBe('egress_blocked')
    }
  })

  it('outward is followed up to the maximum, at its edge', async () => {
    const chain: Handler = (request, response) => {
      const n = Number(request.url?.slice(1))
      if (n === 0) response.end('end')
      else response.writeHead(302, { location: `/${n - 1}` }).end()
    }
    const { egress, url, failure } = await setup(chain)
    const last = await egress.fetch(`${url}/5`)
    expect([last.status, last.url, last.redirected]).toEqual([200, `${url}/0`, true])
    expect((await failure(`${url}/6`)).code).toBe('egress_too_many_redirects')
    expect((await failure(`${url}/1`, { maxRedirects: 0 })).code).toBe('egress_too_many_redirects')
    expect((await egress.fetch(`${url}/0`, { maxRedirects: 0 })).redirected).toBe(false)
  })

  it('to nowhere fails; without a location it is the answer', async () => {
    const nowhere = await setup(redirectTo('http://['))
    expect(await nowhere.failure(nowhere.url)).toEqual({ code: 'egress_failed', reason: 'location' })
    const bare = await setup((_, response) => {
      response.writeHead(302).end()
    })
    expect((await bare.egress.fetch(bare.url)).status).toBe(302)
  })

  it('to another origin takes no credential along, under whatever name', async () => {
    const other = await setup(ok)
    const first = await setup(redirectTo(`${other.url}/landed`, 307))
    const egress = createEgress({ allow: [`127.0.0.1:${other.port}`, `127.0.0.1:${first.port}`] })
    const headers = {
      Authorization: 'Bearer s3cret',
      Cookie: 'a=s3cret',
      'X-Notion-Token': 's3cret',
      'Content-Type': 'text/plain',
    }
    await egress.fetch(first.url, { method: 'POST', headers, body: 'hello' })
    expect(JSON.stringify(first.hits[0]?.headers)).toContain('s3cret')
    expect(JSON.stringify(other.hits[0]?.headers)).not.toContain('s3cret')
    expect(other.hits[0]?.headers).toMatchObject({
      'content-type': 'text/plain',
      host: `127.0.0.1:${other.port}`,
    })
  })

  it('within one origin keeps them; a 303 and a redirected POST become GET without a body', async () => {
    const seen: string[] = []
    const { egress, url } = await setup((request, response) => {
      seen.push(`${request.method} ${request.headers.authorization} ${request.headers['content-type']}`)
      if (request.url === '/')
        response.writeHead(request.method === 'PUT' ? 303 : 301, { location: '/to' }).end()
      else response.end()
    })
    const init = { headers: { authorization: 'B', 'content-type': 'text/plain' }, body: 'x' }
    await egress.fetch(`${url}/`, { ...init, method: 'POST' })
    await egress.fetch(`${url}/`, { ...init, method: 'PUT' })
    await egress.fetch(`${url}/`, { headers: { authorization: 'B' }, method: 'HEAD' })
    const kept = ['B text/plain', 'B undefined']
    expect(seen).toEqual([
      `POST ${kept[0]}`,
      `GET ${kept[1]}`,
      `PUT ${kept[0]}`,
      `GET ${kept[1]}`,
      `HEAD ${kept[1]}`,
      `HEAD ${kept[1]}`,
    ])
  })
})

describe('what comes back', () => {
  it('the whole answer, decoded, its headers in lower case', async () => {
    for (const [encoding, encode] of Object.entries({
      gzip: gzipSync,
      deflate: deflateSync,
      br: brotliCompressSync,
      zstd: zstdCompressSync,
    })) {
      const { egress, url } = await setup((request, response) => {
        expect(request.headers['accept-encoding']).toContain(encoding)
        response.writeHead(200, { 'content-encoding': encoding, 'Set-Cookie': ['a=1', 'b=2'] })
        response.end(encode('hello'))
      })
      const answer = await egress.fetch(url)
      expect(Buffer.from(answer.body).toString()).toBe('hello')
      expect(answer.headers).toMatchObject({ 'set-cookie': 'a=1, b=2' })
      expect(answer.headers).not.toHaveProperty('content-encoding')
    }
  })

  it('no body at all is an empty body', async () => {
    const { egress, url } = await setup((_, response) => {
      response.writeHead(204, { 'content-encoding': 'gzip' }).end()
    })
    expect((await egress.fetch(url)).body.length).toBe(0)
  })

  it('exactly the maximum passes, one byte more does not, with and without a declared length', async () => {
    const sized =
      (bytes: number, declared: boolean): Handler =>
      (_, response) => {
        if (declared) response.setHeader('content-length', bytes)
        response.write(Buffer.alloc(bytes))
        response.end()
      }
    for (const declared of [true, false]) {
      const fits = await setup(sized(1000, declared))
      expect((await fits.egress.fetch(fits.url, { maxBytes: 1000 })).body.length).toBe(1000)
      const over = await setup(sized(1001, declared))
      expect((await over.failure(over.url, { maxBytes: 1000 })).code).toBe('egress_too_large')
    }
  })

  it('a compressed stream that unpacks to nothing is bounded too', async () => {
    const { failure, url } = await setup((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      // Empty members: bytes that never become any.
      response.end(Buffer.concat(Array.from({ length: 500 }, () => gzipSync(''))))
    })
    expect((await failure(url, { maxBytes: 5000 })).code).toBe('egress_too_large')
  })

  it.each([['gzip, gzip'], ['compress'], ['x'.repeat(500)]])(
    'the encoding %s is refused',
    async (encoding) => {
      const { failure, url } = await setup((_, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end('x')
      })
      expect(await failure(url)).toEqual({ code: 'egress_failed', reason: 'encoding' })
    },
  )

  it('a badly encoded or broken-off answer fails', async () => {
    const bad = await setup((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip')
    })
    expect(await bad.failure(bad.url)).toEqual({ code: 'egress_failed', reason: 'encoding' })
    const cut = await setup((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => response.destroy())
    })
    expect((await cut.failure(cut.url)).code).toBe('egress_failed')
  })
})

describe('time', () => {
  it('a slow body is cut at the time limit', async () => {
    const { failure, url } = await setup((_, response) => {
      response.write('first byte, and then nothing')
    })
    expect(await failure(url, { timeoutMs: 50 })).toEqual({ code: 'egress_timeout', reason: 'timeout' })
  })

  it('a server that never answers, and a look-up that never ends, too', async () => {
    const silent = await setup(() => {})
    expect((await silent.failure(silent.url, { timeoutMs: 50 })).code).toBe('egress_timeout')
    const stuck = await setup(ok, { resolve: () => new Promise(() => {}) })
    expect((await stuck.failure('http://stuck.example/', { timeoutMs: 50 })).code).toBe('egress_timeout')
  })

  it('the limit covers all redirects together', async () => {
    const { failure, url } = await setup((_, response) => {
      setTimeout(() => response.writeHead(302, { location: '/' }).end(), 20)
    })
    expect((await failure(url, { timeoutMs: 70, maxRedirects: 1000 })).code).toBe('egress_timeout')
  })

  it('the caller’s signal ends it with the caller’s reason, before and during', async () => {
    const { egress, url } = await setup(() => {})
    const reason = new Error('cancelled')
    await expect(egress.fetch(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const pending = egress.fetch(url, { signal: controller.signal })
    controller.abort(reason)
    await expect(pending).rejects.toBe(reason)
  })
})

describe('broken servers and requests', () => {
  it('nobody there', async () => {
    const server = createServer(ok)
    const port = await listen(server)
    server.close()
    const egress = createEgress({ allow: ['127.0.0.1'] })
    await expect(egress.fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'egress_failed',
      details: { host: '127.0.0.1', reason: 'ECONNREFUSED' },
    })
  })

  it.each([
    ['closes without a word', ''],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['sends endless headers', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`],
    [
      'switches protocols unasked',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    ],
  ])('a server that %s', async (_, text) => {
    const port = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => {})
        socket.once('data', () => socket.end(text))
      }),
    )
    const egress = createEgress({ allow: ['127.0.0.1'] })
    await expect(egress.fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'egress_failed' })
  })

  it('a header that would smuggle another one is refused', async () => {
    const { failure, url, hits } = await setup(ok)
    const headers = { 'x-a': 'b\r\nhost: evil' }
    expect(await failure(url, { headers })).toEqual({ code: 'egress_failed', reason: 'ERR_INVALID_CHAR' })
    expect(hits.length).toBe(0)
  })

  it('headers that belong to the connection cannot be set', async () => {
    const { egress, url, hits, port } = await setup(ok)
    const headers = {
      Host: 'evil',
      'Content-Length': '3',
      'Transfer-Encoding': 'chunked',
      Expect: '100-continue',
    }
    await egress.fetch(url, { method: 'POST', headers, body: 'hello' })
    expect(hits[0]?.headers).toMatchObject({
      host: `127.0.0.1:${port}`,
      'content-length': '5',
      'user-agent': 'levqor',
    })
    expect(hits[0]?.headers).not.toHaveProperty('expect')
  })
})
