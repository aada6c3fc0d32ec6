// How a key looks: a prefix that secret scanners know, 256 random bits, and a checksum that finds typing errors before
// any database does.
import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { hashSecret } from '../secrets/opaque-token.ts'

const prefix = 'lvk_live_'
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const bodyLength = 43
const checksumLength = 6
const shape = new RegExp(`^${prefix}[0-9A-Za-z]{${bodyLength + checksumLength}}$`)
const displayedCharacters = 4

export interface NewApiKey {
  /** Shown once, to whoever made it. */
  readonly text: string
  readonly hash: string
  /** `lvk_live_Ab3d`: enough to recognise the key, far too little to use it. */
  readonly displayPrefix: string
}

export function newApiKey(): NewApiKey {
  const body = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), bodyLength)
  const text = `${prefix}${body}${checksumOf(body)}`
  return { text, hash: hashSecret(text), displayPrefix: text.slice(0, prefix.length + displayedCharacters) }
}

/** The digest to look up, or undefined when the text cannot be a key: wrong form or wrong checksum. */
export function apiKeyHash(text: string): string | undefined {
  if (!shape.test(text)) return undefined
  const body = text.slice(prefix.length, prefix.length + bodyLength)
  return text.endsWith(checksumOf(body)) ? hashSecret(text) : undefined
}

function checksumOf(body: string): string {
  return base62(BigInt(crc32(prefix + body)), checksumLength)
}

// 62^43 exceeds 2^256 and 62^6 exceeds 2^32: nothing is cut off.
function base62(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest /= 62n) text = (alphabet[Number(rest % 62n)] ?? '') + text
  return text
}
