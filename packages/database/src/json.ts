// The one codec for JSON columns: TEXT on SQLite, jsonb on PostgreSQL, always text in the program.
import { createHash } from 'node:crypto'

/**
 * Text for a JSON column. `undefined` is stored as `null`; what jsonb cannot hold (U+0000 and lone surrogates) becomes
 * U+FFFD.
 */
export function encodeJson(value: unknown): string {
  const text = JSON.stringify(value ?? null)
  return text.includes('\\u') ? replaceUnstorable(text) : text
}

// JSON.stringify escapes surrogates only where they are alone. An escape may also be an escaped backslash followed by
// the letter u: only an odd run of backslashes escapes.
function replaceUnstorable(text: string): string {
  return text.replace(/(\\+)u(?:0000|d[89a-f][0-9a-f]{2})/g, (whole, slashes: string) =>
    slashes.length % 2 === 1 ? `${slashes}ufffd` : whole,
  )
}

/** The value of a JSON column. The caller names the shape it wrote. */
export function decodeJson<T>(text: string): T {
  // The column holds what encodeJson wrote for a T.
  return JSON.parse(text) as T
}

/** JSON with sorted keys: equal values have equal texts (in the spirit of RFC 8785). Used for digests. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
  }
  return JSON.stringify(value ?? null)
}

/** SHA-256 of the canonical JSON, hexadecimal. */
export function digestJson(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}
