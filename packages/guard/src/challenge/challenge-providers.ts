// Providers of human checks as a table: they speak the same protocol, siteverify, and differ in its details.

/** What differs between two providers. */
export interface ChallengeProvider {
  readonly endpoint: string
  /** Error codes that say that we are at fault or they are, and nothing about the person. */
  readonly ourFault: ReadonlySet<string>
  /** The verdict has a score from 0 (a program) to 1, and nobody is refused by the provider itself. */
  readonly scored: boolean
}

const secretWrong = ['missing-input-secret', 'invalid-input-secret']

/** Every provider a policy may name; sources: their own pages on server-side verification. */
export const challengeProviders = {
  turnstile: {
    endpoint: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
    ourFault: new Set([...secretWrong, 'internal-error']),
    scored: false,
  },
  hcaptcha: {
    endpoint: 'https://api.hcaptcha.com/siteverify',
    ourFault: new Set([...secretWrong, 'sitekey-secret-mismatch', 'not-using-dummy-passcode']),
    scored: false,
  },
  recaptcha: {
    endpoint: 'https://www.google.com/recaptcha/api/siteverify',
    ourFault: new Set(secretWrong),
    scored: false,
  },
  'recaptcha-v3': {
    endpoint: 'https://www.google.com/recaptcha/api/siteverify',
    ourFault: new Set(secretWrong),
    scored: true,
  },
} as const satisfies Record<string, ChallengeProvider>

export type ChallengeProviderName = keyof typeof challengeProviders
