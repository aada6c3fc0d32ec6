import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { compileRanges, isWithinRanges } from './cidr.ts'
import { parseIp } from './ip.ts'

const has = (ranges: readonly string[], address: string) => {
  const ip = parseIp(address)
  return ip !== undefined && compileRanges(ranges).has(ip)
}

describe('address ranges', () => {
  it('agrees with an independent implementation for any IPv4 and IPv6 range', () => {
    const byte = fc.nat(255)
    fc.assert(
      fc.property(byte, byte, byte, fc.nat(32), byte, byte, fc.nat(128), (a, b, c, short, d, e, long) => {
        const base4 = `10.${a}.${b}.${c}`
        const other4 = `10.${a}.${d}.${e}`
        const oracle4 = ipaddr.IPv4.parse(other4).match(ipaddr.IPv4.parse(base4), short)
        expect(has([`${base4}/${short}`], other4)).toBe(oracle4)
        const base6 = `2001:db8:${a.toString(16)}::${b.toString(16)}:${c.toString(16)}`
        const other6 = `2001:db8:${a.toString(16)}::${d.toString(16)}:${e.toString(16)}`
        const oracle6 = ipaddr.IPv6.parse(other6).match(ipaddr.IPv6.parse(base6), long)
        expect(has([`${base6}/${long}`], other6)).toBe(oracle6)
      }),
      { seed: 4 },
    )
  })

  it('a range lies within another exactly when it is as narrow and starts there', () => {
    const within: readonly (readonly [string, readonly string[], boolean])[] = [
      ['10.1.0.0/16', ['10.0.0.0/8'], true],
      ['10.1.2.3', ['10.1.2.3'], true],
      ['10.0.0.0/8', ['10.1.0.0/16'], false],
      ['11.0.0.0/16', ['10.0.0.0/8'], false],
      ['0.0.0.0/0', ['128.0.0.0/1', '0.0.0.0/1'], false],
      ['203.0.113.9', ['0.0.0.0/0'], true],
      ['2001:db8::/48', ['10.0.0.0/8', '2001:db8::/32'], true],
      ['2001:db8::/16', ['2001:db8::/32'], false],
      ['2001:db9::/48', ['2001:db8::/32'], false],
      ['::1', ['0.0.0.0/0'], false],
      ['10.0.0.1', ['::/0'], false],
      ['loopback', ['127.0.0.0/8'], false],
      ['loopback', ['loopback'], true],
      ['10.0.0.1', ['private'], true],
      ['nonsense', ['0.0.0.0/0', '::/0'], false],
      ['10.0.0.1', [], false],
    ]
    for (const [entry, ranges, expected] of within)
      expect(isWithinRanges(entry, ranges), `${entry} in ${ranges.join()}`).toBe(expected)
  })

  it('knows the named sets', () => {
    expect(has(['loopback'], '127.8.9.10')).toBe(true)
    expect(has(['loopback'], '::1')).toBe(true)
    expect(has(['private'], '172.31.255.255')).toBe(true)
    expect(has(['private'], '172.32.0.0')).toBe(false)
    expect(has(['private'], 'fd12::1')).toBe(true)
  })

  it('names every entry that is no range', () => {
    expect(() => compileRanges(['10.0.0.0/33', 'internal', '10.0.0.0/8', '::/129', '1.2.3.4/x'])).toThrow(
      /10\.0\.0\.0\/33, internal, ::\/129, 1\.2\.3\.4\/x/,
    )
  })
})
