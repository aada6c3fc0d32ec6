// The text of a refresh token: which family, which number, and 256 bits that only the holder and, for a moment, this
// program know. They are derived, not drawn: whoever loses a race gets the very same successor without its ever having
// been stored. A stolen database gives no token, and neither does a stolen secret: each needs the other.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../secrets/secret.ts'

/** What a token's text says, not yet believed. */
export interface ShownToken {
  readonly familyId: string
  readonly counter: number
  readonly text: string
}

const idBytes = 16
const counterBytes = 4
const macBytes = 32

/** Takes a token apart; nothing unless it is the one spelling of a token. */
export function parseRefreshToken(text: string): ShownToken | undefined {
  if (text.length !== Math.ceil(((idBytes + counterBytes + macBytes) * 4) / 3)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== idBytes + counterBytes + macBytes || bytes.toString('base64url') !== text)
    return undefined
  return { familyId: bytes.toString('base64url', 0, idBytes), counter: bytes.readUInt32BE(idBytes), text }
}

/** Token number `counter` of a family. */
export function deriveRefreshToken(
  family: { readonly id: string; readonly seed: string },
  counter: number,
  secret: Secret,
): string {
  const head = Buffer.alloc(idBytes + counterBytes)
  head.write(family.id, 'base64url')
  head.writeUInt32BE(counter, idBytes)
  const mac = createHmac('sha256', secret.reveal())
    .update('guard/refresh-token\0')
    .update(head)
    .update(family.seed)
    .digest()
  return Buffer.concat([head, mac]).toString('base64url')
}

/** SHA-256, hexadecimal: one fast digest is enough for 256 random bits. */
export function hashRefreshToken(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Compares two texts of equal length without telling where they differ. */
export function equalTexts(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
