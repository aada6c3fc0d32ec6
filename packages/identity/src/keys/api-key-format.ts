// How a key looks: a prefix that secret scanners know, 256 random bits, and a checksum that finds typing errors before
// any database does.
import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { hashSecret } from '../secrets/opaque-token.ts'

const modes = ['live', 'test'] as const
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const bodyLength = 43
const checksumLength = 6
const shape = new RegExp(
  `^(lvk_(?:${modes.join('|')})_)([0-9A-Za-z]{${bodyLength}})([0-9A-Za-z]{${checksumLength}})$`,
)
const displayedCharacters = 4

export type ApiKeyMode = (typeof modes)[number]

export interface NewApiKey {
  /** Shown once, to whoever made it. */
  readonly text: string
  readonly hash: string
  /** `lvk_live_Ab3d`, `lvk_test_Ab3d`: enough to recognise the key, far too little to use it. */
  readonly displayPrefix: string
}

export function newApiKey(mode: ApiKeyMode = 'live'): NewApiKey {
  const prefix = `lvk_${mode}_`
  const body = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), bodyLength)
  const text = `${prefix}${body}${checksumOf(prefix + body)}`
  return { text, hash: hashSecret(text), displayPrefix: text.slice(0, prefix.length + displayedCharacters) }
}

/** The digest to look up, or undefined when the text cannot be a key: wrong form or wrong checksum. */
export function apiKeyHash(text: string): string | undefined {
  const [, prefix = '', body = '', checksum] = shape.exec(text) ?? []
  return checksum !== undefined && checksum === checksumOf(prefix + body) ? hashSecret(text) : undefined
}

// Over the prefix as well: a test key that was given the prefix of a live one is a typing error too.
function checksumOf(text: string): string {
  return base62(BigInt(crc32(text)), checksumLength)
}

// 62^43 exceeds 2^256 and 62^6 exceeds 2^32: nothing is cut off.
function base62(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest /= 62n) text = (alphabet[Number(rest % 62n)] ?? '') + text
  return text
}
