// Networks: who runs the addresses that somebody comes from. A phone changes its address every hour and its network
// rarely; a hundred sign-ups from one hosting company have a hundred addresses and one network.
import { formatIp, formatPrefix, type Ip, parseIp, unmapIp } from '../address/ip.ts'

/**
 * The number of the autonomous system that announces an address or prefix (RFC 4271), if the table knows it. Answers
 * from memory and never throws.
 */
export type NetworkOf = (address: string) => number | undefined

/** Knows no network. Rules then count by a wide prefix of the address. */
export const noNetworks: NetworkOf = () => undefined

/**
 * A name for the network of an address: `AS64500`, or where no table knows it a prefix about as wide as what one
 * operator gives its customers. Never empty, so that a missing table switches no rule off.
 */
export function networkName(address: string, networkOf: NetworkOf): string {
  const number = networkOf(address)
  if (number !== undefined) return `AS${number}`
  const ip = readAddress(address)
  if (ip === undefined) return 'unknown'
  return ip.family === 4
    ? `${formatIp({ family: 4, bits: (ip.bits & 0xffff0000) >>> 0 })}/16`
    : formatPrefix(ip.words, 32)
}

/** Reads an address, or the address that a prefix begins with (what limits count IPv6 clients by). */
export function readAddress(text: string): Ip | undefined {
  const slash = text.indexOf('/')
  const ip = parseIp(slash < 0 ? text : text.slice(0, slash))
  return ip === undefined ? undefined : unmapIp(ip)
}
