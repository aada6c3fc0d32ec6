// Who is calling: the one resolver used by limits, lockout, events and device binding.
// The client's word is never taken: only hops written by a trusted proxy count, read from the right, and the first
// hop that is not trusted is the client.
import { compileRanges } from './cidr.ts'
import { type Hop, readForwarded, readXForwardedFor } from './forwarded.ts'
import { formatIp, formatPrefix, type Ip, parseIp, unmapIp } from './ip.ts'

/** How the client's address is found. */
export interface ClientAddressPolicy {
  /** CIDR ranges, addresses or set names (`loopback`, `private`) whose forwarding headers are believed. */
  readonly trustedProxies: readonly string[]
  /** The header the trusted proxies write. Only this one is read: a proxy that sets one lets the other through. */
  readonly header?: 'x-forwarded-for' | 'forwarded'
  /** IPv6 clients are counted by this prefix (default 64): one subscriber holds a whole /64. */
  readonly ipv6Prefix?: number
}

/** The parts of a request that say where it came from. Header names in lower case. */
export interface AddressFacts {
  readonly remoteAddress: string | undefined
  readonly encrypted: boolean
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** Where a request came from. `key` is what limits count: the address, or the prefix of an IPv6 address. */
export interface ClientAddress {
  readonly ip: string
  readonly key: string
  /** Whether the client's own connection was encrypted, as far as a trusted hop can say. */
  readonly https: boolean
}

/** Finds the client of a request. Never throws, whatever the headers contain. */
export type ClientAddressResolver = (facts: AddressFacts) => ClientAddress

const unknownClient = '0.0.0.0'

/**
 * Compiles the policy once.
 * @throws GuardError `bad_address_range`
 */
export function createClientAddressResolver(policy: ClientAddressPolicy): ClientAddressResolver {
  const trusted = compileRanges(policy.trustedProxies)
  const header = policy.header ?? 'x-forwarded-for'
  const read = header === 'forwarded' ? readForwarded : readXForwardedFor
  const prefix = policy.ipv6Prefix ?? 64
  const named = (ip: Ip, https: boolean): ClientAddress => {
    const text = formatIp(ip)
    return { ip: text, key: ip.family === 4 ? text : formatPrefix(ip.words, prefix), https }
  }

  return (facts) => {
    const remote = facts.remoteAddress ?? unknownClient
    if (trusted.isEmpty && !remote.includes(':')) return { ip: remote, key: remote, https: facts.encrypted }
    const parsed = parseIp(remote)
    // A Unix socket or a destroyed connection has no address; all of them share one key.
    if (parsed === undefined) return { ip: unknownClient, key: unknownClient, https: facts.encrypted }
    const socket = unmapIp(parsed)
    if (trusted.isEmpty || !trusted.has(socket)) return named(socket, facts.encrypted)
    const value = facts.headers[header]
    const hops = value === undefined ? [] : read(value)
    return named(firstUntrusted(socket, hops), cameEncrypted(facts, hops))
  }

  function firstUntrusted(socket: Ip, hops: readonly Hop[]): Ip {
    let furthest = socket
    for (const hop of hops) {
      const parsed = hop.address === undefined ? undefined : parseIp(hop.address)
      // Garbage means that a trusted proxy passed on something it did not write: nothing in the header counts then.
      if (parsed === undefined) return socket
      furthest = unmapIp(parsed)
      if (!trusted.has(furthest)) return furthest
    }
    return furthest
  }

  function cameEncrypted(facts: AddressFacts, hops: readonly Hop[]): boolean {
    if (header === 'forwarded') return (hops[0]?.protocol ?? (facts.encrypted ? 'https' : 'http')) === 'https'
    const protocol = facts.headers['x-forwarded-proto']
    if (protocol === undefined) return facts.encrypted
    const text = typeof protocol === 'string' ? protocol : (protocol[protocol.length - 1] ?? '')
    return (
      text
        .slice(text.lastIndexOf(',') + 1)
        .trim()
        .toLowerCase() === 'https'
    )
  }
}
