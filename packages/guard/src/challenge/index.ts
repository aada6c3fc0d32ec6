// Drivers of human checks: Turnstile, hCaptcha, reCAPTCHA.
export type { Challenge, ChallengeResult } from './challenge.ts'
export { type ChallengeProviderName, challengeProviders } from './challenge-providers.ts'
export { type ChallengeOptions, createChallenge } from './create-challenge.ts'
