// How a session came about, in words.
import type { Session } from '@levqor/client'

const methods: Readonly<Record<Session['method'], string>> = {
  'magic-link': 'with a mailed link',
  password: 'with a password',
  passkey: 'with a passkey',
  google: 'with Google',
  microsoft: 'with Microsoft',
  oidc: 'with a provider',
  impersonation: 'by an operator',
}

const secondFactors: Readonly<Record<NonNullable<Session['second_factor']>, string>> = {
  totp: 'a code',
  'recovery-code': 'a recovery code',
  passkey: 'a passkey',
}

export function howSignedIn({ method, second_factor }: Pick<Session, 'method' | 'second_factor'>): string {
  // A passkey is both factors at once.
  if (second_factor === null || method === second_factor) return methods[method]
  return `${methods[method]} and ${secondFactors[second_factor]}`
}
