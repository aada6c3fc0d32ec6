// X-Forwarded-For and Forwarded games: the address is never the attacker's choice.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ClientAddressPolicy, createClientAddressResolver } from './resolve-client.ts'

const proxy = '10.0.0.1'
const attacker = '198.51.100.66'

function setup(policy: Partial<ClientAddressPolicy> = {}) {
  const resolve = createClientAddressResolver({ trustedProxies: ['10.0.0.0/8', 'loopback'], ...policy })
  return (
    headers: Record<string, string | string[]>,
    remoteAddress: string | undefined = proxy,
    encrypted = false,
  ) => resolve({ remoteAddress, encrypted, headers })
}

describe('client address behind X-Forwarded-For', () => {
  it('a stranger talking to us directly cannot forward anything', () => {
    const from = setup()
    const told = { 'x-forwarded-for': '1.1.1.1', forwarded: 'for=1.1.1.1', 'x-real-ip': '1.1.1.1' }
    expect(from(told, attacker).ip).toBe(attacker)
  })

  it('without trusted proxies no header is read', () => {
    const from = setup({ trustedProxies: [] })
    expect(from({ 'x-forwarded-for': '1.1.1.1' }, attacker).ip).toBe(attacker)
    expect(from({ 'x-forwarded-for': '1.1.1.1' }, `::ffff:${attacker}`).ip).toBe(attacker)
  })

  it('spoofed hops left of the one the proxy wrote are ignored', () => {
    expect(setup()({ 'x-forwarded-for': `1.1.1.1, 127.0.0.1, ${attacker}` }).ip).toBe(attacker)
  })

  it('a chain of trusted proxies is walked to the first untrusted hop', () => {
    expect(setup()({ 'x-forwarded-for': `1.1.1.1, ${attacker}, 10.2.2.2, 10.3.3.3` }).ip).toBe(attacker)
  })

  it('a chain of nothing but trusted hops ends at the furthest', () => {
    expect(setup()({ 'x-forwarded-for': '10.9.9.9, 10.8.8.8' }).ip).toBe('10.9.9.9')
  })

  it('duplicated headers read as one list, last line nearest', () => {
    expect(setup()({ 'x-forwarded-for': ['1.1.1.1', `2.2.2.2, ${attacker}`] }).ip).toBe(attacker)
  })

  it.each([
    ['garbage'],
    [''],
    [','],
    ['1.1.1.1,'],
    ['unknown'],
    ['1.1.1.1, 010.1.1.1'],
    ['<script>'],
    ['1.1.1.1:port'],
    ['[::1'],
    ['[1.1.1.1]x'],
  ])('malformed %j gives the address of the socket', (header) => {
    expect(setup()({ 'x-forwarded-for': header }).ip).toBe(proxy)
  })

  it.each([
    [`${attacker}:4711`, attacker],
    ['[2001:db8::66]:4711', '2001:db8::66'],
    ['2001:DB8:0:0::66', '2001:db8::66'],
    [`::ffff:${attacker}`, attacker],
    ['fe80::66%eth0', 'fe80::66'],
  ])('the proxy may write %s', (header, ip) => {
    expect(setup()({ 'x-forwarded-for': header }).ip).toBe(ip)
  })

  it('IPv6 counts by its /64, or by the configured prefix', () => {
    const one = setup()({ 'x-forwarded-for': '2001:db8:1:2:3:4:5:6' })
    const two = setup()({ 'x-forwarded-for': '2001:db8:1:2:ffff::1' })
    expect(one.key).toBe('2001:db8:1:2::/64')
    expect(two.key).toBe(one.key)
    expect(one.ip).toBe('2001:db8:1:2:3:4:5:6')
    expect(setup({ ipv6Prefix: 56 })({ 'x-forwarded-for': '2001:db8:1:2ff::' }).key).toBe(
      '2001:db8:1:200::/56',
    )
  })

  it('1,000 hops cost bounded work and never reach the far end', () => {
    const long = `1.1.1.1, ${Array.from({ length: 1000 }, () => '10.1.1.1').join(', ')}`
    expect(setup()({ 'x-forwarded-for': long }).ip).toBe('10.1.1.1')
    const spoofed = `${'1.1.1.1, '.repeat(1000)}${attacker}`
    expect(setup()({ 'x-forwarded-for': spoofed }).ip).toBe(attacker)
    expect(setup()({ 'x-forwarded-for': 'x'.repeat(100_000) }).ip).toBe(proxy)
  })

  it.each([
    ['::ffff:c633:6442', attacker],
    ['::FFFF:198.51.100.66', attacker],
    ['[::ffff:198.51.100.66]:443', attacker],
    ['0:0:0:0:0:ffff:c633:6442', attacker],
  ])('an IPv4 address hidden in IPv6 (%s) is that IPv4 address', (header, ip) => {
    const found = setup()({ 'x-forwarded-for': header })
    expect([found.ip, found.key]).toEqual([ip, ip])
  })

  it('a mapped trusted proxy is trusted, a mapped stranger is not', () => {
    const from = setup()
    expect(from({ 'x-forwarded-for': attacker }, '::ffff:10.0.0.1').ip).toBe(attacker)
    expect(from({ 'x-forwarded-for': `1.1.1.1, ::ffff:${attacker}, ::ffff:10.2.2.2` }).ip).toBe(attacker)
    expect(from({ 'x-forwarded-for': '1.1.1.1' }, `::ffff:${attacker}`).ip).toBe(attacker)
  })

  it.each(['fe80::1%eth0', 'fe80::1%25eth0', 'fe80::1%', 'fe80::1%1.1.1.1', `fe80::1%${'x'.repeat(100)}`])(
    'a zone id (%s) makes no second client of one address',
    (zoned) => {
      const from = setup()
      expect(from({ 'x-forwarded-for': zoned }).key).toBe('fe80::/64')
      expect(from({}, zoned).ip).toBe('fe80::1')
    },
  )

  it('headers that proxies elsewhere use are not read', () => {
    const names = [
      'x-real-ip',
      'x-client-ip',
      'cf-connecting-ip',
      'true-client-ip',
      'x-cluster-client-ip',
      'via',
    ]
    const told = Object.fromEntries(names.map((name) => [name, '1.1.1.1']))
    expect(setup()(told).ip).toBe(proxy)
  })

  it('many header lines are one bounded list, the last line nearest', () => {
    const lines = Array.from({ length: 1000 }, () => '10.1.1.1, 1.1.1.1')
    expect(setup()({ 'x-forwarded-for': [...lines, attacker] }).ip).toBe(attacker)
    expect(setup()({ 'x-forwarded-for': [`1.1.1.1, ${attacker}`, '10.1.1.1'] }).ip).toBe(attacker)
  })

  it('spaces and tabs around a hop are nothing, inside it they are garbage', () => {
    expect(setup()({ 'x-forwarded-for': `1.1.1.1,\t ${attacker} \t` }).ip).toBe(attacker)
    expect(setup()({ 'x-forwarded-for': '198.51. 100.66' }).ip).toBe(proxy)
  })

  it('a hop that only looks like a trusted one is not trusted', () => {
    for (const hop of ['10.0.0.1.evil.example', '010.0.0.1', '0xa.0.0.1', '167772161', '10.1']) {
      expect(setup()({ 'x-forwarded-for': `1.1.1.1, ${hop}` }).ip).toBe(proxy)
    }
  })

  it('hostile headers cost bounded time', () => {
    const from = setup()
    const hostile = [
      ':'.repeat(16_000),
      '['.repeat(16_000),
      ','.repeat(16_000),
      '1.'.repeat(8_000),
      '%'.repeat(16_000),
    ]
    const started = performance.now()
    for (let i = 0; i < 200; i++) for (const header of hostile) from({ 'x-forwarded-for': header })
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('whatever an attacker prepends changes nothing', () => {
    const from = setup()
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), (prefix) => {
        expect(from({ 'x-forwarded-for': `${prefix}, ${attacker}` }).ip).toBe(attacker)
      }),
      { seed: 5 },
    )
  })

  it('a connection without an address has one shared key', () => {
    expect(setup()({}, 'not-an-address').key).toBe('0.0.0.0')
    const resolve = createClientAddressResolver({ trustedProxies: [] })
    expect(resolve({ remoteAddress: undefined, encrypted: false, headers: {} }).key).toBe('0.0.0.0')
  })
})

describe('client address behind Forwarded (RFC 7239)', () => {
  const from = setup({ header: 'forwarded' })

  it.each([
    [`for=1.1.1.1, for=${attacker};proto=https;by=10.0.0.1`, attacker],
    [`For="${attacker}:4711"`, attacker],
    ['for="[2001:db8::66]:4711"', '2001:db8::66'],
    [`for=1.1.1.1;for=2.2.2.2, for=${attacker}`, attacker],
    [`for="a,b", for=${attacker}`, attacker],
    [`for="never closed, for=${attacker}`, attacker],
  ])('%s', (header, ip) => {
    expect(from({ forwarded: header }).ip).toBe(ip)
  })

  it.each([['for=_hidden'], ['for=unknown'], ['by=1.1.1.1'], ['for'], ['for="[::1"']])(
    '%s names nobody: the address of the socket',
    (header) => {
      expect(from({ forwarded: header }).ip).toBe(proxy)
    },
  )

  it('repeated header lines read as one list, the last nearest', () => {
    expect(from({ forwarded: ['for=1.1.1.1', `for=2.2.2.2, for=${attacker}`] }).ip).toBe(attacker)
    expect(from({ forwarded: [`for=${attacker}`, 'for=10.4.4.4'] }).ip).toBe(attacker)
  })

  it.each([
    ['for="[::ffff:198.51.100.66]:80"', attacker],
    ['for="[fe80::66%25eth0]"', 'fe80::66'],
    ['FOR=198.51.100.66 ; PROTO=https', attacker],
    [`for=1.1.1.1;by=10.0.0.1,   for=${attacker};host="a;b,c"`, attacker],
  ])('%s', (header, ip) => {
    expect(from({ forwarded: header }).ip).toBe(ip)
  })

  it('1,000 elements and open quotes cost bounded work', () => {
    expect(from({ forwarded: `${'for=1.1.1.1, '.repeat(1000)}for=${attacker}` }).ip).toBe(attacker)
    expect(from({ forwarded: `${'for=10.1.1.1, '.repeat(1000)}for=10.1.1.1` }).ip).toBe('10.1.1.1')
    expect(from({ forwarded: `for="${'"'.repeat(16_000)}` }).ip).toBe(proxy)
  })

  it('a host or by parameter never is the client', () => {
    expect(from({ forwarded: `by=1.1.1.1;host=1.1.1.1;for=${attacker}` }).ip).toBe(attacker)
    expect(from({ forwarded: 'xfor=1.1.1.1' }).ip).toBe(proxy)
  })

  it('the other header is not read', () => {
    expect(from({ 'x-forwarded-for': '1.1.1.1' }).ip).toBe(proxy)
    expect(setup()({ forwarded: 'for=1.1.1.1' }).ip).toBe(proxy)
  })

  it('whatever an attacker prepends changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), (prefix) => {
        expect(from({ forwarded: `${prefix}, for=${attacker}` }).ip).toBe(attacker)
      }),
      { seed: 6 },
    )
  })
})

describe('forwarded protocol', () => {
  it('is believed from trusted proxies only, the nearest word last', () => {
    const from = setup()
    expect(from({ 'x-forwarded-proto': 'https' }).https).toBe(true)
    expect(from({ 'x-forwarded-proto': 'https' }, attacker).https).toBe(false)
    expect(from({ 'x-forwarded-proto': 'https, http' }).https).toBe(false)
    expect(from({ 'x-forwarded-proto': ['http', 'HTTPS'] }).https).toBe(true)
    expect(from({}, proxy, true).https).toBe(true)
    expect(from({}, attacker, true).https).toBe(true)
  })

  it('in Forwarded, of the nearest element', () => {
    const from = setup({ header: 'forwarded' })
    expect(from({ forwarded: 'for=1.1.1.1;proto=http, for=2.2.2.2;proto=HTTPS' }).https).toBe(true)
    expect(from({ forwarded: 'for=1.1.1.1;proto=https, for=2.2.2.2;proto=http' }).https).toBe(false)
    expect(from({ forwarded: 'for=1.1.1.1' }, proxy, true).https).toBe(true)
    expect(from({ forwarded: 'for=1.1.1.1' }).https).toBe(false)
  })
})
