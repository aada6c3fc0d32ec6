import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatIp } from '../address/ip.ts'
import { networkName, noNetworks } from './network-of.ts'
import { createNetworkTableBuilder } from './network-table.ts'

function tableOf(...lines: readonly string[]) {
  const builder = createNetworkTableBuilder()
  for (const line of lines) builder.addLine(line)
  return builder.finish()
}
const ip4 = (bits: number) => formatIp({ family: 4, bits })

describe('a table of networks', () => {
  it('answers at the first and last address of a range, not beside it', () => {
    const { networkOf } = tableOf(
      '1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."',
      '1.0.4.0\t1.0.7.255\t38803\tx',
    )
    expect(
      [
        '0.255.255.255',
        '1.0.0.0',
        '1.0.0.255',
        '1.0.1.0',
        '1.0.3.255',
        '1.0.4.0',
        '1.0.7.255',
        '1.0.8.0',
      ].map(networkOf),
    ).toEqual([undefined, 13335, 13335, undefined, undefined, 38803, 38803, undefined])
  })

  it('covers the first and the last address there is', () => {
    const { networkOf } = tableOf(
      '0.0.0.0,0.0.0.0,1',
      '255.255.255.255,255.255.255.255,2',
      '::,::ffff:ffff:ffff:ffff,3',
      'ffff:ffff:ffff:ffff::,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,4',
    )
    expect(
      ['0.0.0.0', '0.0.0.1', '255.255.255.254', '255.255.255.255', '::1', 'ffff:ffff:ffff:ffff::9'].map(
        networkOf,
      ),
    ).toEqual([1, undefined, undefined, 2, 3, 4])
  })

  it('knows IPv6 by /64, prefixes, and IPv4 inside IPv6', () => {
    const { networkOf } = tableOf(
      '8.8.8.0,8.8.8.255,15169',
      '2001:db8::,2001:db8:0:1:ffff:ffff:ffff:ffff,64496',
      '2001:db8:0:2::,2001:db8:0:2:0:ffff:ffff:ffff,64497',
      '2001:db8:0:2:1::,2001:db8:0:2:ffff:ffff:ffff:ffff,64498',
    )
    const asked = [
      '2001:db8::1',
      '2001:db8:0:1::/64',
      '2001:db8:0:2:1::5',
      '2001:db8:0:3::',
      '::ffff:8.8.8.8',
    ]
    expect(asked.map(networkOf)).toEqual([64496, 64496, 64497, undefined, 15169])
  })

  it('anything that is no address has no network', () => {
    const { networkOf } = tableOf('0.0.0.0,255.255.255.255,1')
    for (const text of ['', '/', 'x', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.4,5', '\0', 'x'.repeat(1e6)]) {
      expect(networkOf(text)).toBeUndefined()
    }
  })

  it('neighbours of one network are one range; of overlapping ranges the first wins', () => {
    const joined = tableOf('1.0.0.0,1.0.0.255,7', '1.0.1.0,1.0.1.255,7')
    expect([joined.ranges, joined.bytes]).toEqual([3, 36])
    const { networkOf } = tableOf('1.0.0.0,1.0.0.99,7', '1.0.0.50,1.0.0.60,8', '1.0.0.90,1.0.0.120,9')
    expect(['1.0.0.55', '1.0.0.99', '1.0.0.100', '1.0.0.121'].map(networkOf)).toEqual([7, 7, 9, undefined])
  })

  it('number 0 is nobody', () => {
    expect(tableOf('1.0.0.0,1.0.0.255,0', '1.0.1.0,1.0.1.9,5').networkOf('1.0.0.1')).toBeUndefined()
    expect(tableOf().networkOf('1.0.0.1')).toBeUndefined()
  })

  it('a broken line is refused and named', () => {
    const broken = [
      '1.0.0.0,1.0.0.255',
      '1.0.0.0,1.0.0.255,',
      '1.0.0.0,1.0.0.255,x',
      '1.0.0.0,1.0.0.255,-1',
      '1.0.0.0,1.0.0.255,12345678901',
      '1.0.0.0,::1,5',
      'range,to,number',
      '1.0.0.9,1.0.0.0,5',
      '0.9.0.0,0.9.0.9,5',
    ]
    for (const line of broken) {
      const builder = createNetworkTableBuilder()
      builder.addLine('0.9.9.0,0.9.9.255,1')
      builder.addLine('')
      expect(() => builder.addLine(line), line).toThrow(
        expect.objectContaining({ code: 'bad_network_table', details: { line: 3 } }),
      )
    }
  })

  it('agrees with a search through all ranges, on random tables', () => {
    const ranges = fc.array(fc.tuple(fc.nat(400), fc.nat(60), fc.integer({ min: 1, max: 4 })), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(ranges, (given) => {
        const sorted = given
          .map(([first, length, network]) => ({ first, last: first + length, network }))
          .sort((a, b) => a.first - b.first)
        const { networkOf } = tableOf(
          ...sorted.map(({ first, last, network }) => `${ip4(first)},${ip4(last)},${network}`),
        )
        for (let position = 0; position < 470; position += 3) {
          const expected = sorted.find(({ first, last }) => first <= position && position <= last)?.network
          expect(networkOf(ip4(position)), `position ${position}`).toBe(expected)
        }
      }),
      { seed: 11, numRuns: 50 },
    )
  })

  it('a big one grows as it is filled', () => {
    const builder = createNetworkTableBuilder()
    for (let i = 0; i < 5000; i++) builder.addLine(`${ip4(i * 512)},${ip4(i * 512 + 255)},${(i % 7) + 1}`)
    const { networkOf, ranges } = builder.finish()
    expect([ranges, networkOf(ip4(4999 * 512)), networkOf(ip4(4999 * 512 + 256))]).toEqual([
      10_000,
      2,
      undefined,
    ])
  })
})

describe('the name of a network', () => {
  it('is its number, or a wide prefix where no table knows it', () => {
    expect(networkName('10.0.0.1', () => 64_500)).toBe('AS64500')
    expect(networkName('198.51.100.7', noNetworks)).toBe('198.51.0.0/16')
    expect(networkName('255.255.1.1', noNetworks)).toBe('255.255.0.0/16')
    expect(networkName('2001:db8:1:2::/64', noNetworks)).toBe('2001:db8::/32')
    expect(networkName('no address', noNetworks)).toBe('unknown')
  })
})
