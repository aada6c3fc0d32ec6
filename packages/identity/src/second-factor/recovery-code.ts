// Codes for the day the phone is lost: 80 random bits each, in an alphabet without look-alikes (Crockford's base32), in
// groups that can be read out.
import { randomBytes } from 'node:crypto'
import { hashSecret } from '../secrets/opaque-token.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 16

/** `7QK2-M0XR-…`: four groups of four. */
export function newRecoveryCode(): string {
  // 256 is a multiple of 32, so every character is as likely as any other.
  const characters = [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join('')
  return characters.replace(/.{4}(?=.)/g, '$&-')
}

/** The digest of a code however it was typed; undefined when it cannot be one. */
export function hashRecoveryCode(text: string): string | undefined {
  const plain = text
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  const fits = plain.length === length && [...plain].every((character) => alphabet.includes(character))
  return fits ? hashSecret(`recovery code ${plain}`) : undefined
}
