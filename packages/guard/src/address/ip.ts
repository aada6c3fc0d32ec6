// Strict reading and canonical writing of IP addresses. Everything that compares, keys or refuses an address
// builds on this file, so two spellings of one address can never count as two clients.
// Own code instead of a parser library because it sits on the hot path; the tests use ipaddr.js as an oracle.

/** An address as numbers: IPv4 as one unsigned 32-bit integer, IPv6 as eight 16-bit words. */
export type Ip =
  | { readonly family: 4; readonly bits: number }
  | { readonly family: 6; readonly words: readonly number[] }

const longestAddress = 45

/** Reads dotted-decimal IPv4 or RFC 4291 IPv6 (a zone id is ignored). Anything else is `undefined`. */
export function parseIp(text: string): Ip | undefined {
  const zone = text.indexOf('%')
  const bare = zone < 0 ? text : text.slice(0, zone)
  if (bare.length < 2 || bare.length > longestAddress) return undefined
  if (!bare.includes(':')) {
    if (zone >= 0) return undefined
    const bits = parseIpv4(bare)
    return bits < 0 ? undefined : { family: 4, bits }
  }
  const words = parseIpv6(bare)
  return words === undefined ? undefined : { family: 6, words }
}

/** An IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) as the IPv4 address it stands for; others unchanged. */
export function unmapIp(ip: Ip): Ip {
  if (ip.family === 4) return ip
  const w = ip.words
  for (let i = 0; i < 5; i++) if (w[i] !== 0) return ip
  if (w[5] !== 0xffff) return ip
  return { family: 4, bits: (wordAt(w, 6) * 0x10000 + wordAt(w, 7)) >>> 0 }
}

/**
 * Canonical text (RFC 5952). Always a freshly built string: a slice of a header would keep the whole header alive
 * in any table that uses it as a key.
 */
export function formatIp(ip: Ip): string {
  if (ip.family === 4) {
    const b = ip.bits
    return `${b >>> 24}.${(b >>> 16) & 255}.${(b >>> 8) & 255}.${b & 255}`
  }
  return formatWords(ip.words)
}

/** The first `bits` bits of an IPv6 address as a canonical prefix, such as `2001:db8:1:2::/64`. */
export function formatPrefix(words: readonly number[], bits: number): string {
  const kept = words.map((word, index) => {
    const left = bits - index * 16
    if (left >= 16) return word
    return left <= 0 ? 0 : word & (0xffff << (16 - left)) & 0xffff
  })
  return `${formatWords(kept)}/${bits}`
}

function parseIpv4(text: string): number {
  let bits = 0
  let parts = 0
  let value = -1
  let digits = 0
  for (let i = 0; i <= text.length; i++) {
    const c = i === text.length ? 46 : text.charCodeAt(i)
    if (c === 46) {
      if (digits === 0) return -1
      bits = bits * 256 + value
      if (++parts > 4) return -1
      value = -1
      digits = 0
    } else if (c >= 48 && c <= 57) {
      // A leading zero is refused: other readers take it for octal, and the two would disagree on the address.
      if (digits > 0 && value === 0) return -1
      value = digits === 0 ? c - 48 : value * 10 + c - 48
      if (++digits > 3 || value > 255) return -1
    } else return -1
  }
  return parts === 4 ? bits : -1
}

function parseIpv6(text: string): number[] | undefined {
  const gap = text.indexOf('::')
  if (gap >= 0 && text.indexOf('::', gap + 1) >= 0) return undefined
  if (gap < 0) {
    const words = parseGroups(text)
    return words?.length === 8 ? words : undefined
  }
  const head = gap === 0 ? [] : parseGroups(text.slice(0, gap), false)
  const tail = gap + 2 === text.length ? [] : parseGroups(text.slice(gap + 2))
  if (head === undefined || tail === undefined || head.length + tail.length > 7) return undefined
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

function parseGroups(text: string, mayEndInIpv4 = true): number[] | undefined {
  const groups = text.split(':')
  if (groups.length > 8) return undefined
  const words: number[] = []
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] ?? ''
    if (mayEndInIpv4 && i === groups.length - 1 && group.includes('.')) {
      const bits = parseIpv4(group)
      if (bits < 0) return undefined
      words.push(bits >>> 16, bits & 0xffff)
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined
      words.push(Number.parseInt(group, 16))
    }
  }
  return words
}

function formatWords(words: readonly number[]): string {
  let bestStart = -1
  let bestLength = 1
  for (let i = 0; i < 8; ) {
    let j = i
    while (j < 8 && words[j] === 0) j++
    if (j - i > bestLength) {
      bestStart = i
      bestLength = j - i
    }
    i = j === i ? i + 1 : j
  }
  const hex = (from: number, to: number) =>
    words
      .slice(from, to)
      .map((word) => word.toString(16))
      .join(':')
  if (bestStart < 0) return hex(0, 8)
  return `${hex(0, bestStart)}::${hex(bestStart + bestLength, 8)}`
}

function wordAt(words: readonly number[], index: number): number {
  return words[index] ?? 0
}
