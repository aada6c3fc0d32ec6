// One request and not two: whatever stands in the address, the headers, the method or the body, a bare socket on the
// other side reads exactly one framed request, for the host that was checked.
import { describe, expect, it } from 'vitest'
import { setupEgress, setupSocket } from './egress-for-tests.ts'

const smuggled = 'GET /admin HTTP/1.1\r\nHost: inside\r\n\r\n'

async function setup() {
  const target = await setupSocket((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'))
  /** Head and body of the one request that came. */
  const request = () => {
    expect(target.received).toHaveLength(1)
    const [head = '', ...rest] = (target.received[0] ?? '').split('\r\n\r\n')
    return { head: head.split('\r\n'), body: rest.join('\r\n\r\n') }
  }
  return { ...target, request }
}

describe('the body', () => {
  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s with a body says how long it is, so that it is not read as a second request',
    async (method) => {
      const { egress, url, request } = await setup()
      await egress.fetch(url, { method, body: smuggled })
      const { head } = request()
      expect(head.filter((line) => /^content-length:/i.test(line))).toEqual([
        `content-length: ${smuggled.length}`,
      ])
      expect(head.filter((line) => /^transfer-encoding:/i.test(line))).toEqual([])
    },
  )

  it('its length is counted in bytes', async () => {
    const { egress, url, request } = await setup()
    await egress.fetch(url, { method: 'POST', body: 'späti ☕' })
    expect(request().head).toContain(`content-length: ${Buffer.byteLength('späti ☕')}`)
  })

  it('none: nothing follows the head', async () => {
    for (const method of ['GET', 'DELETE']) {
      const { egress, url, request } = await setup()
      await egress.fetch(url, { method })
      expect(request().body).toBe('')
    }
  })

  it('is framed again after a redirect that keeps it, and gone after one that does not', async () => {
    for (const [status, expected] of [
      [307, smuggled],
      [303, ''],
    ] as const) {
      const bodies: string[] = []
      const { egress, url } = await setupEgress((request, response) => {
        let body = ''
        request.on('data', (chunk) => {
          body += chunk
        })
        request.on('end', () => {
          bodies.push(body)
          if (request.url === '/') response.writeHead(status, { location: '/to' }).end()
          else response.end()
        })
      })
      await egress.fetch(`${url}/`, { method: 'POST', body: smuggled })
      expect(bodies).toEqual([smuggled, expected])
    }
  })
})

describe('the address', () => {
  it('line ends, spaces and tabs in it never reach the request line', async () => {
    const { egress, url, request } = await setup()
    await egress.fetch(`${url}/a b\tc\r\nHost: inside\r\n\r\n${smuggled}?q=\r\nx#\r\ny`)
    const { head, body } = request()
    expect(head[0]).toBe('GET /a%20bcHost:%20insideGET%20/admin%20HTTP/1.1Host:%20inside?q=x HTTP/1.1')
    expect(head.filter((line) => /^host:/i.test(line))).toHaveLength(1)
    expect(body).toBe('')
  })

  it('characters beyond ASCII are encoded, not cut to one byte', async () => {
    // U+010D and U+010A end in the bytes of CR and LF.
    const { egress, url, request } = await setup()
    await egress.fetch(`${url}/\u010d\u010aHost:inside`)
    expect(request().head[0]).toBe('GET /%C4%8D%C4%8AHost:inside HTTP/1.1')
  })
})

describe('headers', () => {
  it('those of the connection are its own, however they are spelled', async () => {
    const { egress, url, port, request } = await setup()
    const names = [
      'Host',
      'HOST',
      'Connection',
      'Keep-Alive',
      '\u212aeep-alive',
      'Proxy-Connection',
      'Proxy-Authorization',
      'TE',
      'Trailer',
      'Transfer-Encoding',
      'TRANSFER-ENCODING',
      'Content-Length',
      'Upgrade',
      'HTTP2-Settings',
      'Expect',
      'Accept-Encoding',
    ]
    await egress.fetch(url, {
      method: 'POST',
      headers: Object.fromEntries(names.map((name) => [name, 'smuggled'])),
      body: 'x',
    })
    const { head } = request()
    expect(head.join('\n')).not.toContain('smuggled')
    expect(head.filter((line) => /^(host|connection|content-length):/i.test(line)).toSorted()).toEqual([
      'Connection: close',
      `Host: 127.0.0.1:${port}`,
      'content-length: 1',
    ])
  })

  it.each([
    ['x-a', 'b\r\nHost: inside'],
    ['x-a', 'b\nHost: inside'],
    ['x-a', 'b\rHost: inside'],
    ['x-a', 'b\u0000c'],
    ['x-a', 'b\u010ac'],
    ['x-a\r\nHost', 'inside'],
    ['x-a: b\r\nHost', 'inside'],
    ['transfer-encoding ', 'chunked'],
    ['host\t', 'inside'],
    ['', 'x'],
    [':authority', 'inside'],
  ])('the header %j: %j is refused before anything is sent', async (name, value) => {
    const { failure, url, received } = await setup()
    expect((await failure(url, { headers: { [name]: value } })).code).toBe('egress_failed')
    expect(received).toEqual([])
  })

  it.each([
    'get\r\nx',
    'GET /admin HTTP/1.1\r\nHost: inside\r\n\r\nGET',
    'CONNECT',
    'TRACE',
    'TRACK',
    '',
    ' ',
  ])('the method %j is blocked', async (method) => {
    const { failure, url, received } = await setup()
    expect(await failure(url, { method })).toEqual({ code: 'egress_blocked', reason: 'method' })
    expect(received).toEqual([])
  })
})
