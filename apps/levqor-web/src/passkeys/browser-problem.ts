// What a browser or an authenticator said no with, in words that help. Browsers tell little on purpose: a page must not
// learn which passkeys somebody has.
import { LevqorError } from '@levqor/client'

export interface Asked {
  /** How long the browser took, and might have taken. */
  readonly tookMs: number
  readonly timeoutMs: number
}

/** Undefined: another question took the place of this one, which is no problem. */
export function browserProblem(error: unknown, { tookMs, timeoutMs }: Asked): LevqorError | undefined {
  const name = error instanceof Error ? error.name : ''
  switch (name) {
    case 'AbortError':
      return undefined
    case 'NotAllowedError':
      return tookMs >= timeoutMs - 1_000
        ? problem(
            'passkey_timed_out',
            'That took too long',
            'Your device was asked for too long. Start again.',
          )
        : problem(
            'passkey_cancelled',
            'No passkey was used',
            'You closed the question, or this device has no passkey for this address. Try again, or choose another way.',
          )
    case 'InvalidStateError':
      return problem(
        'passkey_known',
        'This device has one already',
        'A passkey of your account is on it. It signs you in; another one would not help.',
      )
    case 'ConstraintError':
    case 'NotSupportedError':
      return problem(
        'passkey_device_unsuitable',
        'This device cannot keep a passkey',
        'It needs a screen lock, a PIN or a fingerprint first. Set one up, or use another device.',
      )
    case 'SecurityError':
      return problem(
        'passkey_wrong_address',
        'Passkeys do not work at this address',
        'Open this page under the name of the installation, with https, or under localhost on this machine.',
      )
    default:
      return problem(
        'passkey_failed',
        'The passkey did not answer',
        'Your device or browser could not use it. Try again, or choose another way.',
      )
  }
}

export function notSupported(): LevqorError {
  return problem(
    'passkey_unsupported',
    'This browser knows no passkeys',
    'Use a current browser, or choose another way.',
  )
}

/** @param origin where they work */
export function notHere(origin: string): LevqorError {
  return problem(
    'passkey_wrong_address',
    'Passkeys do not work at this address',
    `They belong to the name of the installation. Open ${origin} instead.`,
  )
}

function problem(code: string, title: string, detail: string): LevqorError {
  return new LevqorError({ type: 'about:blank', title, status: 0, detail, code, request_id: '' })
}
