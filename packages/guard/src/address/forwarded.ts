// Reading the two forwarding headers from the right, where the nearest proxy wrote, with bounded work.
// Whatever stands further left was written by someone further away and may be invented.

/** At most this many hops and characters are looked at; a longer header is cut on its left, untrusted side. */
const forwardingBounds = { hops: 32, characters: 2048 } as const

/** One hop as a proxy wrote it: the address text (unverified) and, in `Forwarded`, the protocol. */
export interface Hop {
  readonly address: string | undefined
  readonly protocol: string | undefined
}

/** The hops of `X-Forwarded-For`, nearest first. */
export function readXForwardedFor(header: string | readonly string[]): Hop[] {
  return splitFromRight(joined(header), false).map((part) => ({
    address: stripPort(part.trim()),
    protocol: undefined,
  }))
}

/** The hops of `Forwarded` (RFC 7239), nearest first. Obfuscated identifiers (`_x`, `unknown`) have no address. */
export function readForwarded(header: string | readonly string[]): Hop[] {
  return splitFromRight(joined(header), true).map((element) => {
    let address: string | undefined
    let protocol: string | undefined
    for (const pair of element.split(';')) {
      const equals = pair.indexOf('=')
      if (equals < 0) continue
      const name = pair.slice(0, equals).trim().toLowerCase()
      const value = unquote(pair.slice(equals + 1).trim())
      // RFC 7239 section 4: each parameter at most once per element. The first is kept, the rest are noise.
      if (name === 'for') address ??= stripPort(value)
      else if (name === 'proto') protocol ??= value.toLowerCase()
    }
    return { address, protocol }
  })
}

function joined(header: string | readonly string[]): string {
  return typeof header === 'string' ? header : header.join(',')
}

function splitFromRight(header: string, quoting: boolean): string[] {
  const cut = header.length > forwardingBounds.characters
  const text = cut ? header.slice(-forwardingBounds.characters) : header
  const parts: string[] = []
  let end = text.length
  let quoted = false
  for (let i = text.length - 1; i >= 0 && parts.length < forwardingBounds.hops; i--) {
    const c = text.charCodeAt(i)
    if (quoting && c === 34) quoted = !quoted
    else if (c === 44 && !quoted) {
      parts.push(text.slice(i + 1, end))
      end = i
    }
  }
  // The leftmost piece of a cut header may be half a hop: it is left out.
  if (!cut && parts.length < forwardingBounds.hops) parts.push(text.slice(0, end))
  return parts
}

function unquote(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}

/** `[::1]:80` → `::1`, `192.0.2.1:80` → `192.0.2.1`; a bare IPv6 address keeps its colons. */
function stripPort(value: string): string | undefined {
  if (value.startsWith('[')) {
    const close = value.indexOf(']')
    return close > 0 && /^(:\d{1,5})?$/.test(value.slice(close + 1)) ? value.slice(1, close) : undefined
  }
  const colon = value.indexOf(':')
  if (colon < 0 || value.indexOf(':', colon + 1) >= 0) return value
  return /^\d{1,5}$/.test(value.slice(colon + 1)) ? value.slice(0, colon) : undefined
}
