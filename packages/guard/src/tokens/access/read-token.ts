// From text to believed claims, in the order that lets an attacker buy the least work: length, segments, header, key,
// signature; the claims are parsed only once the signature holds.
import { type AccessClaims, type ExpectedClaims, readClaims } from './access-claims.ts'
import { decodeSegment, splitToken } from './compact-token.ts'
import { readPlainObject } from './plain-json.ts'
import { tokenAlgorithms } from './token-algorithms.ts'
import { type AcceptedKey, isKeyId, type TokenKeys } from './token-keys.ts'
import type { TokenRefusal } from './token-refusals.ts'

/**
 * `typ` of every access token: no other kind of token that the same key may sign one day can be shown in its place
 * (RFC 8725 section 3.11; the value is that of RFC 9068 section 2.1).
 */
export const accessTokenType = 'at+jwt'

/** Claims that hold, with the key that says so. */
export interface ReadToken {
  readonly claims: AccessClaims
  readonly key: AcceptedKey
}

/** Reads a token. Never throws, whatever the text is. */
export type ReadTokenText = (text: string, nowMs: number) => ReadToken | TokenRefusal

/** Compiles the reader for these keys. */
export function createTokenReader(keys: TokenKeys, expected: ExpectedClaims): ReadTokenText {
  const { signatureBytes } = tokenAlgorithms[keys.algorithm]
  // Nearly every token has this very header: what was checked once need not be parsed again.
  const usualHeader = headerSegment(keys)
  const usualKey = keys.find(keys.kid)
  return (text, nowMs) => {
    const token = splitToken(text)
    if (typeof token === 'string') return token
    const key =
      token.header === usualHeader && usualKey !== undefined
        ? usualKey
        : readHeader(token.header, keys, nowMs)
    if (typeof key === 'string') return key
    if (token.signature === '') return 'signature_missing'
    const signature = decodeSegment(token.signature)
    if (signature === undefined) return 'token_encoding'
    const payload = decodeSegment(token.payload)
    if (payload === undefined) return 'token_encoding'
    if (signature.length !== signatureBytes || !key.verifies(token.signed, signature)) {
      return 'signature_wrong'
    }
    const reading = readPlainObject(payload)
    if (reading.outcome !== 'read') return `claims_${reading.outcome}`
    const claims = readClaims(reading.object, expected, nowMs)
    return typeof claims === 'string' ? claims : { claims, key }
  }
}

/** The header that tokens are issued with. */
export function headerSegment({ algorithm, kid }: TokenKeys): string {
  return Buffer.from(JSON.stringify({ alg: algorithm, typ: accessTokenType, kid })).toString('base64url')
}

const headerMembers: ReadonlySet<string> = new Set(['alg', 'typ', 'kid'])

function readHeader(segment: string, keys: TokenKeys, nowMs: number): AcceptedKey | TokenRefusal {
  const bytes = decodeSegment(segment)
  if (bytes === undefined) return 'token_encoding'
  const reading = readPlainObject(bytes)
  if (reading.outcome === 'nested') return hasOnlyKnown(reading.names) ? 'header_json' : 'header_member'
  if (reading.outcome !== 'read') return `header_${reading.outcome}`
  const header = reading.object
  if (!hasOnlyKnown(Object.keys(header))) return 'header_member'
  if (header.alg !== keys.algorithm) return 'header_algorithm'
  if (header.typ !== accessTokenType) return 'header_type'
  if (typeof header.kid !== 'string' || !isKeyId(header.kid)) return 'key_form'
  const key = keys.find(header.kid)
  return key === undefined || nowMs >= key.untilMs ? 'key_unknown' : key
}

function hasOnlyKnown(names: readonly string[]): boolean {
  return names.every((name) => headerMembers.has(name))
}
