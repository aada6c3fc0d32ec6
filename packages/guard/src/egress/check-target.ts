// Where a URL really leads. A name is resolved once; the connection then goes to exactly the addresses that were
// checked, so an answer that changes between check and connect (DNS rebinding) changes nothing.

import { lookup } from 'node:dns/promises'
import { parseIp } from '../address/ip.ts'
import { within } from '../within.ts'
import type { AllowList } from './allow-list.ts'
import { isBlockedPort } from './blocked-ports.ts'
import { type EgressError, egressError } from './egress-error.ts'
import { specialUse } from './special-ranges.ts'

/** Resolves a name to all its addresses. */
export type ResolveHost = (host: string) => Promise<readonly string[]>

/** One address that was checked. */
export interface CheckedAddress {
  readonly address: string
  readonly family: 4 | 6
}

/** A URL with the only addresses a connection may use. */
export interface CheckedTarget {
  readonly url: URL
  readonly addresses: readonly [CheckedAddress, ...CheckedAddress[]]
}

/** The operating system's resolver. */
export const systemResolve: ResolveHost = async (host) => {
  const found = await lookup(host, { all: true, order: 'verbatim' })
  return found.map((entry) => entry.address)
}

/** RFC 1035 section 2.3.4, as text. */
const longestHost = 253
/** A domain's own servers decide how long its look-up takes. */
const longestLookUpMs = 5_000
/** More are checked, but not tried: a name with thousands of addresses would scan a network. */
const mostAddresses = 8

/** Checks a URL. Throws `egress_blocked` or `egress_unresolvable`. */
export async function checkTarget(url: URL, allow: AllowList, resolve: ResolveHost): Promise<CheckedTarget> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw blocked(url, 'scheme')
  if (url.username !== '' || url.password !== '') throw blocked(url, 'credentials-in-url')
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  // The URL parser has turned decimal, octal and hexadecimal hosts into dotted decimal already.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  if (host.length > longestHost) throw blocked(url, 'host-length')
  const texts = parseIp(host) === undefined ? await addressesOf(url, host, resolve) : [host]
  const hostAllowed = allow.allowsHost(host, port)
  const [first, ...others] = texts.map((address): CheckedAddress => {
    const ip = parseIp(address)
    if (ip === undefined) throw unresolvable(url, 'bad-answer')
    // One forbidden address among several is refused as a whole: a public one beside it is the bait.
    const reason = specialUse(ip) ?? (isBlockedPort(port) ? 'port' : undefined)
    if (reason !== undefined && !hostAllowed && !allow.allowsAddress(ip, port)) throw blocked(url, reason)
    return { address, family: ip.family }
  })
  if (first === undefined) throw unresolvable(url, 'no-address')
  return { url, addresses: [first, ...others.slice(0, mostAddresses - 1)] }
}

async function addressesOf(url: URL, host: string, resolve: ResolveHost): Promise<readonly string[]> {
  try {
    return await within(longestLookUpMs, resolve(host))
  } catch (error) {
    throw unresolvable(url, codeOf(error))
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'failed'
}

function blocked(url: URL, reason: string): EgressError {
  return egressError(
    'egress_blocked',
    `Requests to ${url.hostname.slice(0, longestHost)} are not allowed (${reason}); the operator can open it with LEVQOR_EGRESS_ALLOW.`,
    url.hostname,
    reason,
  )
}

function unresolvable(url: URL, reason: string): EgressError {
  return egressError(
    'egress_unresolvable',
    `The host name cannot be resolved (${reason}).`,
    url.hostname,
    reason,
  )
}
