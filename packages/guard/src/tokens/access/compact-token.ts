// A compact JWS is taken apart in one way only (RFC 7515 section 7.1): every token has exactly one spelling, so nothing
// can be slipped past the signature, a cache or a denylist by spelling it differently.
import type { TokenRefusal } from './token-refusals.ts'

/** Longest token that is looked at, in characters. A cookie holds no more either. */
export const maxTokenLength = 4096

/** The three segments of a token, not yet believed. */
export interface CompactToken {
  readonly header: string
  readonly payload: string
  readonly signature: string
  /** What the signature covers: header, dot, payload. */
  readonly signed: string
}

/** Splits a token; the segments may still hold anything but dots. */
export function splitToken(text: string): CompactToken | TokenRefusal {
  if (text.length > maxTokenLength) return 'token_too_long'
  const first = text.indexOf('.')
  const second = text.indexOf('.', first + 1)
  if (first < 1 || second < first + 2 || text.includes('.', second + 1)) return 'token_segments'
  return {
    header: text.slice(0, first),
    payload: text.slice(first + 1, second),
    signature: text.slice(second + 1),
    signed: text.slice(0, second),
  }
}

/**
 * Bytes of a segment, or nothing unless it is the one canonical base64url text of these bytes (RFC 4648 section 5,
 * without padding): decoders forgive padding, spaces, `+/` and stray trailing bits, so the bytes are encoded again.
 */
export function decodeSegment(segment: string): Buffer | undefined {
  const bytes = Buffer.from(segment, 'base64url')
  return bytes.toString('base64url') === segment ? bytes : undefined
}
