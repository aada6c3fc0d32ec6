// Servers that answer to harm: bombs in every encoding, endless heads, bodies and redirects, drop by drop.
import type { Socket } from 'node:net'
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { until } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { setupEgress, setupSocket } from './egress-for-tests.ts'

const zeros = Buffer.alloc(64_000_000)

describe('bombs', () => {
  it.each([
    ['gzip', gzipSync(zeros, { level: 9 })],
    ['x-gzip', gzipSync(zeros, { level: 9 })],
    ['deflate', deflateSync(zeros, { level: 9 })],
    ['br', brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ['zstd', zstdCompressSync(zeros)],
  ])('%s is cut long before it has unpacked', async (encoding, bomb) => {
    const { failure, url, events } = await setupEgress((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(bomb)
    })
    const before = process.memoryUsage()
    expect(await failure(url, { maxBytes: 1_000_000 })).toEqual({ code: 'egress_too_large', reason: 'size' })
    const after = process.memoryUsage()
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(32_000_000)
    expect(events).toMatchObject([{ event: 'egress.blocked', details: { reason: 'size' } }])
  })

  it('a zstd frame that asks for a window of 128 MiB is refused, one of 8 MiB is not', async () => {
    // RFC 8878 section 3.1.1: magic number, descriptor, window descriptor (exponent - 10 in the upper five bits), and
    // one last raw block of one byte.
    const frame = (windowLog: number) =>
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (windowLog - 10) << 3, 0x09, 0x00, 0x00, 0x61])
    const answer = async (windowLog: number) => {
      const { egress, url } = await setupEgress((_, response) => {
        response.writeHead(200, { 'content-encoding': 'zstd' }).end(frame(windowLog))
      })
      return egress.fetch(url).then(
        ({ body }) => Buffer.from(body).toString(),
        (error) => error.details.reason,
      )
    }
    expect([await answer(23), await answer(24), await answer(27)]).toEqual(['a', 'encoding', 'encoding'])
  })

  it('a body without end and without a length is cut at the maximum', async () => {
    let sent = 0
    const { failure, url } = await setupSocket((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const more = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536))) sent += 65_536
      }
      socket.on('drain', more)
      more()
    })
    expect((await failure(url, { maxBytes: 100_000 })).code).toBe('egress_too_large')
    expect(sent).toBeLessThan(50_000_000)
  })
})

/** Writes something again and again until nobody listens any more. */
function drip(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 2)
  socket.on('close', () => clearInterval(timer))
}

describe('slowness', () => {
  it.each([
    ['a body drop by drop', 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n', 'x'],
    ['chunks of one byte', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\nx\r\n'],
    ['a head drop by drop', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n'],
    ['a status line drop by drop', 'HTTP/1.1 2', '0'],
    ['“wait, there is more to come” for ever', '', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['early hints for ever', '', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'],
  ])('%s is cut at the time limit', async (_, first, again) => {
    const { failure, url } = await setupSocket((socket) => {
      if (first !== '') socket.write(first)
      drip(socket, again)
    })
    const began = performance.now()
    const { code } = await failure(url, { timeoutMs: 150 })
    expect(['egress_timeout', 'egress_failed']).toContain(code)
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  it('a server that does not read what it is sent is cut, too', async () => {
    const { failure, url } = await setupSocket((socket) => socket.pause())
    expect((await failure(url, { method: 'POST', body: zeros, timeoutMs: 150 })).code).toBe('egress_timeout')
  })
})

describe('malformed answers', () => {
  const long = 'y'.repeat(20_000)
  it.each([
    ['two lengths that differ', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
    ['a head over 16 KiB', `HTTP/1.1 200 OK\r\nx: ${long}\r\n\r\n`],
    ['ten thousand headers', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(10_000)}\r\n`],
    [
      'a chunk extension over 16 KiB',
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;${long}\r\nx\r\n0\r\n\r\n`,
    ],
    ['trailers over 16 KiB', `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: ${long}\r\n\r\n`],
    [
      'a chunk size beyond all numbers',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n',
    ],
    ['a header line with a bare line feed inside', 'HTTP/1.1 200 OK\r\nx: a\rb\r\n\r\n'],
    ['HTTP/2 unasked', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('%s fails', async (_, text) => {
    const { failure, url } = await setupSocket((socket) => socket.end(text))
    expect((await failure(url, { timeoutMs: 3_000 })).code).toBe('egress_failed')
  })

  it('a second answer on the same connection is never read', async () => {
    const { egress, url } = await setupSocket((socket) =>
      socket.end(
        'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfirstHTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecond',
      ),
    )
    expect(Buffer.from((await egress.fetch(url)).body).toString()).toBe('first')
  })
})

describe('redirects', () => {
  it.each(['/', '/same?x=1', '//127.0.0.1'])(
    'a loop by %s ends at the maximum, with an event',
    async (location) => {
      const { failure, url, port, hits, events } = await setupEgress((_, response) => {
        response.writeHead(302, { location: location.replace('127.0.0.1', `127.0.0.1:${port}`) }).end()
      })
      expect(await failure(`${url}/`)).toEqual({ code: 'egress_too_many_redirects', reason: 'redirects' })
      expect(hits).toHaveLength(6)
      expect(events).toMatchObject([{ event: 'egress.blocked', details: { reason: 'redirects' } }])
    },
  )

  it.each([
    ['http://169.254.169.254/latest/meta-data/', 'metadata'],
    ['http://0x7f000001/', 'loopback'],
    ['http://localhost:1/', 'loopback'],
    ['//[::ffff:10.0.0.1]/', 'ipv4-in-ipv6'],
    ['/\\10.0.0.1/', 'private'],
    ['\\\\10.0.0.1\\x', 'private'],
    ['file:///etc/passwd', 'scheme'],
    ['data:text/html,x', 'scheme'],
    ['gopher://example.com/', 'scheme'],
    ['http://user:pass@example.com/', 'credentials-in-url'],
    ['http://93.184.215.14:25/', 'port'],
  ])('to %s is blocked: %s, with an event', async (location, reason) => {
    for (const status of [301, 302, 303, 307, 308]) {
      const { failure, url, events } = await setupEgress((_, response) => {
        response.writeHead(status, { location }).end()
      })
      expect(await failure(url, { method: 'POST', body: 'x' })).toEqual({ code: 'egress_blocked', reason })
      expect(events).toMatchObject([{ event: 'egress.blocked', details: { reason } }])
    }
  })

  it('the body of a redirecting answer is not read, however long, and its connection is closed', async () => {
    let closed = false
    const { egress, url } = await setupEgress((request, response) => {
      if (request.url === '/to') {
        response.end('there')
        return
      }
      request.socket.on('close', () => {
        closed = true
      })
      response.writeHead(302, { location: '/to' })
      response.write(Buffer.alloc(1_000_000))
      // … and never ends.
    })
    expect(Buffer.from((await egress.fetch(url, { maxBytes: 10 })).body).toString()).toBe('there')
    await until(() => closed, { what: 'the first connection to be closed' })
  })
})
