import { expect, it } from 'vitest'
import { howSignedIn } from './session-words.ts'

it('a session names both factors, and a passkey once', () => {
  expect(howSignedIn({ method: 'password', second_factor: null })).toBe('with a password')
  expect(howSignedIn({ method: 'password', second_factor: 'totp' })).toBe('with a password and a code')
  expect(howSignedIn({ method: 'magic-link', second_factor: 'recovery-code' })).toBe(
    'with a mailed link and a recovery code',
  )
  expect(howSignedIn({ method: 'passkey', second_factor: 'passkey' })).toBe('with a passkey')
})
