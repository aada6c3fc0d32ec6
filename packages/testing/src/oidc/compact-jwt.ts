// JSON Web Tokens taken apart and signed again, for providers that lie.
import { createPrivateKey, type KeyObject, sign } from 'node:crypto'

export interface IdToken {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** Without a look at the signature. */
export function readJwt(text: string): IdToken {
  const [header = '', claims = ''] = text.split('.')
  return { header: decode(header), claims: decode(claims) }
}

/** Without a key: the algorithm `none` and no signature. */
export function writeJwt({ header, claims }: IdToken, key: KeyObject | undefined): string {
  const signed = `${encode(key ? header : { ...header, alg: 'none' })}.${encode(claims)}`
  if (!key) return `${signed}.`
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
}

export function privateKeyOf(jwk: Readonly<Record<string, unknown>>): KeyObject {
  return createPrivateKey({ key: { ...jwk }, format: 'jwk' })
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(text: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
}
