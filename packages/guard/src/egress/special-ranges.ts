// Addresses that are not the public internet (IANA special-purpose registries, RFC 6890 and later) and those that
// smuggle an IPv4 address in IPv6. For IPv6 the list says what is allowed: global unicast, minus the exceptions.
import { type AddressRanges, compileRanges } from '../address/cidr.ts'
import type { Ip } from '../address/ip.ts'

/** Reason and ranges; the first match names the reason. */
const forbidden: readonly (readonly [reason: string, ranges: readonly string[]])[] = [
  // Azure's host agent has a public address. The others' metadata services lie in the ranges below.
  ['metadata', ['169.254.169.254', '168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254']],
  ['unspecified', ['0.0.0.0/8', '::']],
  ['loopback', ['127.0.0.0/8', '::1']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10']],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
  ['carrier-grade-nat', ['100.64.0.0/10']],
  ['multicast', ['224.0.0.0/4', 'ff00::/8']],
  ['ipv4-in-ipv6', ['::/96', '::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48']],
  ['6to4', ['2002::/16', '192.88.99.0/24']],
  ['documentation', ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20']],
  ['benchmarking', ['198.18.0.0/15']],
  ['reserved', ['192.0.0.0/24', '240.0.0.0/4', '2001::/23', '100::/64', '5f00::/16']],
]

const table: readonly (readonly [string, AddressRanges])[] = forbidden.map(([reason, ranges]) => [
  reason,
  compileRanges(ranges),
])
const globalUnicast = compileRanges(['2000::/3'])

/** Why an address is not on the public internet, or `undefined` if it is. */
export function specialUse(ip: Ip): string | undefined {
  for (const [reason, ranges] of table) if (ranges.has(ip)) return reason
  return ip.family === 6 && !globalUnicast.has(ip) ? 'reserved' : undefined
}
