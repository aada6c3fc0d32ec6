// Every other way to write an address that is not for outsiders, and every port and scheme that is not for the web.
import { describe, expect, it } from 'vitest'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { isBlockedPort } from './blocked-ports.ts'
import { setupEgress } from './egress-for-tests.ts'
import { createEgress } from './index.ts'

/** An egress that allows nothing inside; every look-up is counted and answered as told. */
function setup(answer: readonly string[] = ['93.184.215.14']) {
  const events: SecurityEventInput[] = []
  const asked: string[] = []
  const egress = createEgress({
    events: { emit: (event) => events.push(event) },
    resolve: async (host) => {
      asked.push(host)
      return answer
    },
  })
  const reason = async (target: string) => {
    const error = await egress.check(target).then(
      () => undefined,
      (thrown) => thrown,
    )
    return error === undefined ? 'allowed' : error.details.reason
  }
  return { egress, events, asked, reason }
}

describe('one address, many spellings', () => {
  it.each([
    // Unicode digits and dots (WHATWG URL, domain to ASCII)
    ['http://１２７.0.0.1/', 'loopback'],
    ['http://127。0。0。1/', 'loopback'],
    ['http://127．0．0．1/', 'loopback'],
    ['http://⑯⑨。②⑤④。⑯⑨｡②⑤④/', 'metadata'],
    ['http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ./', 'resolved'],
    ['http://loc\u00adalhost/', 'resolved'],
    // Percent signs, slashes, spaces
    ['http://%31%32%37.0.0.1/', 'loopback'],
    ['http:/\\127.0.0.1/', 'loopback'],
    ['http:127.0.0.1/', 'loopback'],
    ['\t\n http://127.0.0.1/ ', 'loopback'],
    ['ht\ntp://127.0.0.1/', 'loopback'],
    // Numbers (decimal, octal, hexadecimal, short, mixed, with a dot at the end)
    ['http://2852039166/', 'metadata'],
    ['http://0xa9fea9fe/', 'metadata'],
    ['http://0251.0376.0251.0376/', 'metadata'],
    ['http://169.254.43518/', 'metadata'],
    ['http://0x7f.0.0.0x1/', 'loopback'],
    ['http://017700000001/', 'loopback'],
    ['http://127.0.0.1./', 'loopback'],
    ['http://0.0.0.0/', 'unspecified'],
    ['http://0x0/', 'unspecified'],
    ['http://0.1.2.3/', 'unspecified'],
    // IPv4 inside IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo
    ['http://[::ffff:a9fe:a9fe]/', 'ipv4-in-ipv6'],
    ['http://[::ffff:169.254.169.254]/', 'ipv4-in-ipv6'],
    ['http://[0:0:0:0:0:ffff:7f00:1]/', 'ipv4-in-ipv6'],
    ['http://[::127.0.0.1]/', 'ipv4-in-ipv6'],
    ['http://[::ffff:0:169.254.169.254]/', 'ipv4-in-ipv6'],
    ['http://[64:ff9b::a9fe:a9fe]/', 'ipv4-in-ipv6'],
    ['http://[64:ff9b:1::a9fe:a9fe]/', 'ipv4-in-ipv6'],
    ['http://[2002:a9fe:a9fe::1]/', '6to4'],
    ['http://[2001:0:4136:e378:8000:63bf:5601:5601]/', 'reserved'],
    ['http://[0::0]/', 'unspecified'],
    ['http://[fe80::1]/', 'link-local'],
    ['http://[fc00::1]/', 'private'],
    ['http://[ff02::1]/', 'multicast'],
    // No address at all
    ['http://[fe80::1%25eth0]/', 'not-a-url'],
    ['http://[::1%lo]/', 'not-a-url'],
    ['http://127.0.0.1%00.example/', 'not-a-url'],
    ['http://127.0.0.1%2f.example/', 'not-a-url'],
    ['http://4294967296/', 'not-a-url'],
    ['http://0x100000000/', 'not-a-url'],
    ['http://256.0.0.1/', 'not-a-url'],
    ['http://example.com:65536/', 'not-a-url'],
    ['http://', 'not-a-url'],
  ])('%j: %s', async (target, expected) => {
    const { reason, asked, events } = setup(['127.0.0.1'])
    const resolved = expected === 'resolved'
    expect(await reason(target)).toBe(resolved ? 'loopback' : expected)
    expect(asked).toEqual(resolved ? ['localhost'] : [])
    expect(events).toMatchObject([{ event: 'egress.blocked' }])
  })

  it.each([
    'localhost',
    'localhost.',
    'LOCALHOST',
    'foo.localhost',
    'localhost6',
    '127.0.0.1.nip.example',
    'metadata.google.internal',
  ])('the name %s goes by what it resolves to', async (host) => {
    for (const [address, expected] of [
      ['127.0.0.1', 'loopback'],
      ['169.254.169.254', 'metadata'],
      ['::1', 'loopback'],
    ]) {
      const { reason } = setup([address ?? ''])
      expect(await reason(`http://${host}/`)).toBe(expected)
    }
  })
})

describe('parts of a URL', () => {
  it.each(['http://user@example.com/', 'http://:s3cret@example.com/', 'http://a%40b.example@127.0.0.1/'])(
    '%s carries credentials, which no message repeats',
    async (target) => {
      const { reason, egress, events } = setup()
      expect(await reason(target)).toBe('credentials-in-url')
      await expect(egress.check(target)).rejects.toThrow(/^((?!s3cret|user@).)*$/)
      expect(JSON.stringify(events)).not.toContain('s3cret')
    },
  )

  it('what stands before the last @ is never taken for the host', async () => {
    const { reason, asked } = setup()
    expect(await reason('http://example.com@127.0.0.1/')).toBe('credentials-in-url')
    expect(await reason('http://@127.0.0.1/')).toBe('loopback')
    // Here the backslash ends the host: what is asked for is what stands before it.
    expect(await reason('http://evil.example\\@127.0.0.1/')).toBe('allowed')
    expect(asked).toEqual(['evil.example'])
  })

  it.each([
    'ftp:',
    'file:',
    'gopher:',
    'data:',
    'javascript:',
    'blob:',
    'ws:',
    'wss:',
    'unix:',
    'dict:',
    'ldap:',
    'jar:',
  ])('the scheme %s is blocked', async (scheme) => {
    const { reason } = setup()
    expect(await reason(`${scheme}//example.com/`)).toBe('scheme')
  })

  it('a host longer than any name is blocked before it is looked up, and is not logged whole', async () => {
    const { reason, asked, events } = setup()
    expect(await reason(`http://${'a'.repeat(63)}.${'b.'.repeat(94)}c/`)).toBe('allowed')
    expect(await reason(`http://${'a'.repeat(100_000)}.example/`)).toBe('host-length')
    expect(await reason(`http://${'a.'.repeat(127)}/`)).toBe('allowed')
    expect(await reason(`http://${'a.'.repeat(127)}b/`)).toBe('host-length')
    expect(asked).toHaveLength(2)
    expect(JSON.stringify(events).length).toBeLessThan(1_000)
  })
})

describe('ports', () => {
  it.each([0, 1, 22, 25, 53, 110, 143, 389, 465, 587, 993, 2049, 6000, 6667, 10080])(
    'port %d of a public address is blocked',
    async (port) => {
      const { reason, events } = setup()
      expect(await reason(`http://example.com:${port}/`)).toBe('port')
      expect(await reason(`http://93.184.215.14:${port}/`)).toBe('port')
      expect(events).toMatchObject([{ details: { reason: 'port' } }, { details: { reason: 'port' } }])
    },
  )

  it.each([80, 443, 8080, 8443, 3000, 65_535])('port %d is not', async (port) => {
    const { reason } = setup()
    expect(await reason(`https://example.com:${port}/`)).toBe('allowed')
  })

  it('the list is the one that Node’s own fetch keeps, at every entry and beside it', async () => {
    const listed = Array.from({ length: 65_536 }, (_, port) => port).filter(isBlockedPort)
    expect(listed).toHaveLength(83)
    const ports = new Set(listed.flatMap((port) => [port - 1, port, port + 1]))
    ports.delete(-1)
    const disagreeing: number[] = []
    for (const port of ports) {
      // Nobody listens there; what is not blocked is refused by the system at once.
      const error = await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' }).catch((thrown) => thrown)
      if ((error.cause?.message === 'bad port') !== isBlockedPort(port)) disagreeing.push(port)
    }
    // The standard has added 0 since.
    expect(disagreeing).toEqual([0])
  })

  it('an operator may open one', async () => {
    const egress = createEgress({
      allow: ['example.com:25', '10.0.0.0/8:22'],
      resolve: async () => ['93.184.215.14'],
    })
    await expect(egress.check('http://example.com:25/')).resolves.toBeUndefined()
    await expect(egress.check('http://10.0.0.1:22/')).resolves.toBeUndefined()
    await expect(egress.check('http://example.com:22/')).rejects.toMatchObject({
      details: { reason: 'port' },
    })
  })
})

describe('names with many addresses', () => {
  it('all are checked, the last one too; only the first few are tried', async () => {
    const many = Array.from({ length: 500 }, (_, i) => `93.184.${i >> 8}.${i & 255}`)
    const bait = setup([...many, '10.0.0.1'])
    expect(await bait.reason('http://many.example/')).toBe('private')
    // Loopback addresses on which nobody listens: each attempt would be a connection of its own.
    const { failure, port } = await setupEgress((_, response) => response.end('ok'), {
      allow: ['127.0.0.0/8'],
      resolve: async () => [...Array.from({ length: 50 }, (_, i) => `127.0.7.${i + 1}`), '127.0.0.1'],
    })
    expect((await failure(`http://many.example:${port}/`)).code).toBe('egress_failed')
  })
})
