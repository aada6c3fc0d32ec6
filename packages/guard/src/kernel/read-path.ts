// A request's path, cut into segments. Paths that proxies, frameworks and file systems are known to read in different
// ways (dot segments, empty segments, NUL, backslashes, broken encoding) are no path at all.

/** The segments as sent, and as the most lenient framework compares them (decoded, lower case). */
export interface PathSegments {
  readonly raw: readonly string[]
  readonly folded: readonly string[]
}

const longestPath = 8192
const mostSegments = 64
// Control characters, backslashes, empty segments (but at the end), dot segments; also behind an encoded slash.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find
const treacherous = /[\0-\x1f\x7f\\]|\/\.{0,2}\/|\/\.{1,2}$/

/** The segments, or `undefined` for a path that nobody should route. */
export function readPath(target: string): PathSegments | undefined {
  const end = target.search(/[?#]/)
  const path = end < 0 ? target : target.slice(0, end)
  if (!path.startsWith('/') || path.length > longestPath) return undefined
  const decoded = path.includes('%') ? decode(path) : path
  if (decoded === undefined || treacherous.test(decoded)) return undefined
  const raw = path.slice(1).split('/', mostSegments + 1)
  if (raw.length > mostSegments) return undefined
  if (decoded !== path) return { raw, folded: raw.map((part) => decodeURIComponent(part).toLowerCase()) }
  const lower = path.toLowerCase()
  return { raw, folded: lower === path ? raw : lower.slice(1).split('/') }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
