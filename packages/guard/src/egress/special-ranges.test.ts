import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { parseIp } from '../address/ip.ts'
import { specialUse } from './special-ranges.ts'

const reasonOf = (text: string) => {
  const ip = parseIp(text)
  return ip === undefined ? 'not-an-address' : specialUse(ip)
}

describe('addresses that are not the public internet', () => {
  it.each([
    ['0.0.0.0', 'unspecified'],
    ['10.1.2.3', 'private'],
    ['100.64.0.1', 'carrier-grade-nat'],
    ['100.100.100.200', 'metadata'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['168.63.129.16', 'metadata'],
    ['169.254.1.1', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.1', 'reserved'],
    ['192.0.0.192', 'metadata'],
    ['192.0.2.1', 'documentation'],
    ['192.88.99.1', '6to4'],
    ['192.168.1.1', 'private'],
    ['198.18.0.1', 'benchmarking'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::7f00:1', 'ipv4-in-ipv6'],
    ['::ffff:127.0.0.1', 'ipv4-in-ipv6'],
    ['::ffff:8.8.8.8', 'ipv4-in-ipv6'],
    ['::ffff:0:127.0.0.1', 'ipv4-in-ipv6'],
    ['64:ff9b::7f00:1', 'ipv4-in-ipv6'],
    ['64:ff9b:1::7f00:1', 'ipv4-in-ipv6'],
    ['100::1', 'reserved'],
    ['2001::1', 'reserved'],
    ['2001:db8::1', 'documentation'],
    ['2002:7f00:1::', '6to4'],
    ['3fff::1', 'documentation'],
    ['4000::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['fc00::1', 'private'],
    ['fd00:ec2::254', 'metadata'],
    ['fe80::1', 'link-local'],
    ['fec0::1', 'private'],
    ['ff02::1', 'multicast'],
  ])('%s: %s', (address, reason) => {
    expect(reasonOf(address)).toBe(reason)
  })

  it.each([
    ['1.1.1.1'],
    ['9.255.255.255'],
    ['11.0.0.0'],
    ['172.32.0.0'],
    ['223.255.255.255'],
    ['2606:4700::1111'],
    ['2a00::1'],
  ])('%s is public', (address) => {
    expect(reasonOf(address)).toBeUndefined()
  })

  it('nothing that an independent table calls special is let through', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), (four, six) => {
        for (const text of [four, six]) {
          const oracle = ipaddr.parse(text).range()
          // AS112 and AMT anycast addresses are on the public internet.
          if (['unicast', 'as112', 'amt', 'as112v6'].includes(oracle)) continue
          expect([text, reasonOf(text)]).not.toEqual([text, undefined])
        }
      }),
      { seed: 8, numRuns: 2000 },
    )
  })
})
