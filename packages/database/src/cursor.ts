// Keyset cursors: opaque to callers, checked on the way back in.
import { databaseError } from './database-error.ts'

type CursorPart = string | number
type ShapeName = 'string' | 'number'
type PartsOf<S extends readonly ShapeName[]> = {
  [K in keyof S]: S[K] extends 'number' ? number : string
}

/** Packs the sort key of the last row of a page. */
export function encodeCursor(parts: readonly CursorPart[]): string {
  return Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url')
}

/**
 * Unpacks a cursor made by {@link encodeCursor}.
 * @throws DatabaseError `bad_cursor` when the text was not made by this list.
 */
export function decodeCursor<const S extends readonly ShapeName[]>(text: string, shape: S): PartsOf<S> {
  const parts = parse(text)
  const fits =
    Array.isArray(parts) &&
    parts.length === shape.length &&
    parts.every(
      (part, index) =>
        typeof part === shape[index] &&
        (typeof part === 'number' ? Number.isSafeInteger(part) : isStorable(part)),
    ) &&
    encodeCursor(parts) === text
  if (!fits) {
    throw databaseError('bad_cursor', 'The cursor was not issued by this list; start again without it.')
  }
  // Every part was compared with its declared shape just above.
  return parts as unknown as PartsOf<S>
}

// PostgreSQL stores neither; no list of ours has ever issued one.
function isStorable(part: unknown): boolean {
  return typeof part === 'string' && part.isWellFormed() && !part.includes('\0')
}

function parse(text: string): unknown {
  if (text.length > 500) return undefined
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    // Not JSON: the caller reports bad_cursor, which is all that there is to say.
    return undefined
  }
}
