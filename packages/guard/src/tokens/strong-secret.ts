// Secrets behind tokens must hold 256 bits: whoever has one token can try keys against it without asking anybody.
import type { PolicyProblem } from '../policy/policy.ts'
import { estimateEntropyBits, type Secret } from '../secrets/secret.ts'

/** What is wrong with a secret that signs or derives tokens; nothing if it is strong enough. */
export function checkStrongSecret(secret: Secret, path: string): PolicyProblem[] {
  const text = secret.reveal()
  // 64 hexadecimal digits or 43 letters of base64 can hold 256 bits; other texts in one case are words. The estimate
  // finds those that do not hold what they could (32 random bytes measured 138 bits and more in 100,000 tries).
  const hexadecimal = /^[0-9a-f]+$/i.test(text)
  const couldHold = hexadecimal
    ? text.length >= 64
    : text.length >= 43 && /[a-z]/.test(text) && /[A-Z]/.test(text)
  if (couldHold && estimateEntropyBits(text) >= 128) return []
  const fix = `${secret.name} must hold 256 random bits: openssl rand -base64 32`
  return [{ code: 'token_secret_weak', path, fix }]
}
