// JSON that can be read in one way only. Parsers differ in which of two equal members they take (RFC 8259 section 4), so
// a text is accepted only if it is what JSON.stringify would write: no member twice, no spaces, no second spelling.
import { isUtf8 } from 'node:buffer'

/** An object without nesting. */
export type PlainObject = Readonly<Record<string, string | number>>

/** What {@link readPlainObject} found: the object, or what is wrong. */
export type PlainReading =
  | { readonly outcome: 'read'; readonly object: PlainObject }
  | { readonly outcome: 'nested'; readonly names: readonly string[] }
  | { readonly outcome: 'json' | 'duplicate' }

/** Reads one JSON object whose members are all strings or numbers. Work is bounded by the length of the text. */
export function readPlainObject(bytes: Buffer): PlainReading {
  if (!isUtf8(bytes)) return { outcome: 'json' }
  const text = bytes.toString()
  const object = parse(text)
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return { outcome: 'json' }
  if (!isPlain(object)) return { outcome: 'nested', names: Object.keys(object) }
  if (JSON.stringify(object) === text) return { outcome: 'read', object }
  return { outcome: memberCount(text) > Object.keys(object).length ? 'duplicate' : 'json' }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isPlain(value: object): value is PlainObject {
  return Object.values(value).every((member) => typeof member === 'string' || typeof member === 'number')
}

/** Members as written. Whole strings are stepped over, so a colon inside a value does not count. */
function memberCount(text: string): number {
  let count = 0
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)) {
    if (match[1] !== undefined) count++
  }
  return count
}
