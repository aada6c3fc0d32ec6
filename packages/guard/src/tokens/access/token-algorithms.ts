// The algorithms that may sign tokens, one entry each; nothing elsewhere lists them again. Which of them holds is pinned
// by the keys, never chosen by a token: that is what algorithm confusion needs (RFC 8725 section 2.1).
import { createHmac, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto'

interface TokenAlgorithmFacts {
  readonly signatureBytes: number
  sign(key: KeyObject, text: string): Buffer
  verify(key: KeyObject, text: string, signature: Buffer): boolean
}

/** RFC 7518 section 3.2 and RFC 8037 section 3.1. */
export const tokenAlgorithms = {
  HS256: {
    signatureBytes: 32,
    sign: (key, text) => createHmac('sha256', key).update(text).digest(),
    verify: (key, text, signature) =>
      timingSafeEqual(createHmac('sha256', key).update(text).digest(), signature),
  },
  EdDSA: {
    signatureBytes: 64,
    sign: (key, text) => sign(null, Buffer.from(text), key),
    verify: (key, text, signature) => verify(null, Buffer.from(text), key, signature),
  },
} as const satisfies Record<string, TokenAlgorithmFacts>

/** Name of an algorithm as it stands in a token's header. */
export type TokenAlgorithm = keyof typeof tokenAlgorithms
