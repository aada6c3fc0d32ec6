// Time-based one-time passwords as every authenticator app makes them: RFC 6238 with SHA-1, six digits, 30 seconds.
import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'

const stepMs = 30_000
// RFC 6238 section 5.2: at most one step for a slow typist and a clock that is a little off.
const skewSteps = 1
const clockSearchSteps = 20

/** 160 bits, the length of the HMAC (RFC 4226 section 4, R6). */
export function newTotpSecret(): Buffer {
  return randomBytes(20)
}

/** What an app is given: by QR code, or typed in. */
export function describeTotp(
  secret: Buffer,
  { issuer, account }: { readonly issuer: string; readonly account: string },
): { readonly uri: string; readonly secret: string } {
  const totp = generator(secret, { issuer, label: account })
  return { uri: totp.toString(), secret: totp.secret.base32 }
}

/**
 * The time step whose code this is, if it is near enough to now and later than the last one used: no code is accepted
 * twice (RFC 6238 section 5.2).
 */
export function matchStep(
  secret: Buffer,
  code: string,
  { now, lastStep }: { readonly now: number; readonly lastStep: number },
): number | undefined {
  const delta = generator(secret).validate({ token: code, timestamp: now, window: skewSteps })
  if (delta === null) return undefined
  const step = Math.floor(now / stepMs) + delta
  return step > lastStep ? step : undefined
}

/**
 * By how many minutes the clock of the device that made this code is ahead (negative: behind), if the code was right
 * within ten minutes. Only for somebody who has just been shown the secret: to anybody else it would say that a guess
 * becomes right in a while.
 */
export function clockErrorMinutes(secret: Buffer, code: string, now: number): number | undefined {
  const delta = generator(secret).validate({ token: code, timestamp: now, window: clockSearchSteps })
  return delta === null ? undefined : Math.round((delta * stepMs) / 60_000)
}

function generator(secret: Buffer, names: { readonly issuer?: string; readonly label?: string } = {}): TOTP {
  // A copy: a Buffer may be a window on memory that holds other things.
  const bytes = Uint8Array.from(secret)
  return new TOTP({ ...names, secret: new Secret({ buffer: bytes.buffer }), digits: 6, period: 30 })
}
