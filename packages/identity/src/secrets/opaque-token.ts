// Random secrets that only their holder knows: links, cookies. The database sees a digest.
import { hash, randomBytes, randomInt } from 'node:crypto'

export interface OpaqueToken {
  readonly text: string
  readonly hash: string
}

/** 256 bits as 43 characters of base64url. */
export function newToken(): OpaqueToken {
  const text = randomBytes(32).toString('base64url')
  return { text, hash: hashSecret(text) }
}

/** Whether a text can be a token at all; anything else is refused without a look-up. */
export function isTokenShaped(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text)
}

/**
 * SHA-256, hexadecimal. A slow, salted hash protects secrets that can be guessed; these are 256 random bits, which no
 * number of guesses finds, so one fast digest is enough and keeps every request cheap (the advice of OWASP ASVS 5.0
 * section 11.4 for high-entropy secrets).
 */
export function hashSecret(text: string): string {
  // One call: `createHash` costs three times as much, and this runs on every request.
  return hash('sha256', text)
}

/** Six digits to type in another browser. */
export function newCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}

/** A million codes are soon tried by whoever has the digest alone; without the link's token they cannot start. */
export function hashCode(token: string, code: string): string {
  return hash('sha256', `${token}.${code}`)
}
