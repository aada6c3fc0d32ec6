// What an authenticator app shows, written from RFC 4226 section 5.3 and RFC 6238 section 4, so that tests do not ask the
// library that they test.
import { createHmac } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/**
 * @param secret base32, spaces allowed
 * @param timeMs the app's clock, epoch milliseconds
 * @example totpCode('JBSWY3DPEHPK3PXP', Date.now()) // '492039'
 */
export function totpCode(secret: string, timeMs: number): string {
  const bits = [...secret.replace(/[\s=]/g, '')]
    .map((character) => alphabet.indexOf(character).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(timeMs / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const offset = digest.readUInt8(digest.length - 1) & 0xf
  const number = digest.readUInt32BE(offset) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}
