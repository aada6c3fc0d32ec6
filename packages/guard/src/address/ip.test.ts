import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { formatIp, formatPrefix, parseIp, unmapIp } from './ip.ts'

const octets = fc.tuple(...Array.from({ length: 4 }, () => fc.nat(255)))
const words = fc.tuple(...Array.from({ length: 8 }, () => fc.oneof(fc.constant(0), fc.nat(0xffff))))

describe('addresses', () => {
  it('reads and writes every IPv4 address as an independent parser does', () => {
    fc.assert(
      fc.property(octets, (parts) => {
        const text = parts.join('.')
        const ip = parseIp(text)
        expect(ip).toBeDefined()
        if (ip !== undefined) expect(formatIp(ip)).toBe(text)
      }),
      { seed: 1 },
    )
  })

  it('reads every spelling of an IPv6 address to the same words and writes RFC 5952', () => {
    fc.assert(
      fc.property(words, (parts) => {
        const oracle = new ipaddr.IPv6([...parts])
        const padded = parts.map((part) => part.toString(16).padStart(4, '0')).join(':')
        for (const text of [oracle.toString(), oracle.toNormalizedString(), padded]) {
          const ip = parseIp(text.toUpperCase())
          expect(ip).toEqual({ family: 6, words: [...parts] })
          if (ip !== undefined) expect(formatIp(ip)).toBe(oracle.toRFC5952String())
        }
      }),
      { seed: 2 },
    )
  })

  it('never takes for an address what is none', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcf:.%/x '), maxLength: 50 }), (text) => {
        const ip = parseIp(text)
        if (ip !== undefined) expect(ipaddr.isValid(text.replace(/%.*/, ''))).toBe(true)
      }),
      { seed: 3, numRuns: 3000 },
    )
  })

  it.each([
    ['010.0.0.1'],
    ['1.2.3'],
    ['1.2.3.4.5'],
    ['256.1.1.1'],
    ['1.2.3.4%eth0'],
    ['1..2.3'],
    ['0x7f.0.0.1'],
    ['2130706433'],
    [':::'],
    ['1::2::3'],
    ['1:2:3:4:5:6:7'],
    ['1:2:3:4:5:6:7:8:9'],
    ['12345::'],
    ['::1.2.3'],
    ['::1.2.3.4:5'],
    ['1:2:3:4:5:6:7:8::'],
    [''],
    ['a'.repeat(100)],
  ])('%s is not an address', (text) => {
    expect(parseIp(text)).toBeUndefined()
  })

  it('ignores a zone id and unmaps IPv4-mapped addresses', () => {
    const zoned = parseIp('fe80::1%eth0')
    expect(zoned === undefined ? '' : formatIp(zoned)).toBe('fe80::1')
    const mapped = parseIp('::ffff:192.0.2.7')
    expect(mapped === undefined ? '' : formatIp(unmapIp(mapped))).toBe('192.0.2.7')
    const other = parseIp('1::ffff:192.0.2.7')
    expect(other === undefined ? '' : formatIp(unmapIp(other))).toBe('1::ffff:c000:207')
  })

  it('keeps exactly the bits of a prefix', () => {
    const ip = parseIp('2001:db8:1:ffff:2:3:4:5')
    expect(ip?.family === 6 ? formatPrefix(ip.words, 64) : '').toBe('2001:db8:1:ffff::/64')
    expect(ip?.family === 6 ? formatPrefix(ip.words, 52) : '').toBe('2001:db8:1:f000::/52')
    expect(ip?.family === 6 ? formatPrefix(ip.words, 128) : '').toBe('2001:db8:1:ffff:2:3:4:5/128')
  })
})
