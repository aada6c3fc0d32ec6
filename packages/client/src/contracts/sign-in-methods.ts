// With what people sign in. Types, schemas and tests are made from these two lists.
import { providerId } from './providers.ts'

export const signInMethods = ['magic-link', 'password', 'passkey', ...providerId.options] as const

export const secondFactors = ['totp', 'recovery-code', 'passkey'] as const
