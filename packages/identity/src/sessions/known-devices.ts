// Devices that somebody has signed in from, proven by a cookie and kept nowhere else: a random id, and for each account
// that signed in there a keyed digest of both. A known device keeps an allowance of failures of its own, so a stranger who
// guesses cannot lock the owner out.
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { isTokenShaped, newToken } from '../secrets/opaque-token.ts'

/** A whole family on one browser; the one that signed in longest ago is forgotten. */
const mostAccounts = 5

export interface KnownDevices {
  /** The device's id, if the cookie proves that the account has signed in from it. */
  prove(cookie: string | undefined, email: string): string | undefined
  /** The cookie after the account has signed in. */
  remember(cookie: string | undefined, email: string): string
}

/** @param key 32 random bytes of this installation; another key makes every device unknown */
export function createKnownDevices(key: Buffer): KnownDevices {
  const hmacKey = createSecretKey(key)
  const proofOf = (id: string, email: string) =>
    createHmac('sha256', hmacKey).update(`${id}\n${email}`).digest().subarray(0, 16).toString('base64url')
  return {
    prove(cookie, email) {
      const { id, proofs } = read(cookie)
      if (id === undefined) return undefined
      const expected = Buffer.from(proofOf(id, email))
      const proven = proofs.some((proof) => timingSafeEqual(Buffer.from(proof), expected))
      return proven ? id : undefined
    },
    remember(cookie, email) {
      const known = read(cookie)
      const id = known.id ?? newToken().text
      const proof = proofOf(id, email)
      const others = known.proofs.filter((other) => other !== proof)
      return [id, proof, ...others].slice(0, 1 + mostAccounts).join('.')
    },
  }
}

function read(cookie: string | undefined): { readonly id: string | undefined; readonly proofs: string[] } {
  const [id = '', ...proofs] = (cookie ?? '').split('.', 1 + mostAccounts)
  if (!isTokenShaped(id) || !proofs.every((proof) => /^[\w-]{22}$/.test(proof))) {
    return { id: undefined, proofs: [] }
  }
  return { id, proofs }
}
