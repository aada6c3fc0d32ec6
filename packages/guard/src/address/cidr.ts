// Address ranges: which hops are trusted proxies, which targets are allowed. One form for both, checked when read.
import { guardError } from '../errors.ts'
import { type Ip, parseIp } from './ip.ts'

/** A compiled list of ranges. */
export interface AddressRanges {
  readonly isEmpty: boolean
  has(ip: Ip): boolean
}

/** Named sets that may stand wherever a range may. */
export const namedRanges = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
} as const satisfies Record<string, readonly string[]>

type Range4 = { readonly base: number; readonly mask: number }
type Range6 = { readonly words: readonly number[]; readonly prefix: number }

/**
 * Compiles CIDR ranges, single addresses and set names (`loopback`, `private`).
 * @throws GuardError `bad_address_range` naming every entry that is none of these
 */
export function compileRanges(entries: readonly string[]): AddressRanges {
  const v4: Range4[] = []
  const v6: Range6[] = []
  const bad: string[] = []
  for (const entry of entries.flatMap(expand)) {
    const range = parseRange(entry)
    if (range === undefined) bad.push(entry)
    else if ('mask' in range) v4.push(range)
    else v6.push(range)
  }
  if (bad.length > 0) {
    const sets = Object.keys(namedRanges).join(', ')
    throw guardError(
      'bad_address_range',
      `Not an address range: ${bad.join(', ')}. Use CIDR such as 10.0.0.0/8, one address, or a set: ${sets}.`,
      bad,
    )
  }
  return {
    isEmpty: v4.length + v6.length === 0,
    has: (ip) => {
      if (ip.family === 4) return v4.some((range) => (ip.bits & range.mask) >>> 0 === range.base)
      return v6.some((range) => startsWith(ip.words, range))
    },
  }
}

/** Whether every address of `entry` lies within one of `ranges`. Halves that only together hold it do not count. */
export function isWithinRanges(entry: string, ranges: readonly string[]): boolean {
  const outer = ranges.flatMap(expand).flatMap((range) => parseRange(range) ?? [])
  return expand(entry).every((each) => {
    const inner = parseRange(each)
    return inner !== undefined && outer.some((range) => contains(range, inner))
  })
}

function contains(outer: Range4 | Range6, inner: Range4 | Range6): boolean {
  if ('mask' in outer) {
    return 'mask' in inner && inner.mask >= outer.mask && (inner.base & outer.mask) >>> 0 === outer.base
  }
  return !('mask' in inner) && inner.prefix >= outer.prefix && startsWith(inner.words, outer)
}

function expand(entry: string): readonly string[] {
  const name = entry.trim()
  return Object.hasOwn(namedRanges, name) ? namedRanges[name as keyof typeof namedRanges] : [name] // checked by hasOwn
}

/** One range, or `undefined` if the text is not one. Bits beyond the prefix are ignored. */
export function parseRange(entry: string): Range4 | Range6 | undefined {
  const slash = entry.indexOf('/')
  const ip = parseIp(slash < 0 ? entry : entry.slice(0, slash))
  if (ip === undefined) return undefined
  const longest = ip.family === 4 ? 32 : 128
  const suffix = slash < 0 ? String(longest) : entry.slice(slash + 1)
  if (!/^\d{1,3}$/.test(suffix)) return undefined
  const prefix = Number(suffix)
  if (prefix > longest) return undefined
  if (ip.family === 6) return { words: ip.words, prefix }
  const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0
  return { base: (ip.bits & mask) >>> 0, mask }
}

function startsWith(words: readonly number[], range: Range6): boolean {
  let left = range.prefix
  for (let i = 0; left > 0; i++, left -= 16) {
    const mask = left >= 16 ? 0xffff : (0xffff << (16 - left)) & 0xffff
    if (((words[i] ?? 0) & mask) !== ((range.words[i] ?? 0) & mask)) return false
  }
  return true
}
