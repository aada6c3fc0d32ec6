import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { GuardError } from '../../errors.ts'
import type { PolicyProblem } from '../../policy/policy.ts'
import { createSecret, type Secret } from '../../secrets/secret.ts'
import { hmacKeys, pair, secretText, signatureKeys } from '../test-tokens.ts'
import { createTokenKeys, type TokenKeyOptions } from './token-keys.ts'

const secret = (text: string) => createSecret(text, { name: 'TOKEN_SECRET', minimumBits: 0 })

function problemsOf(options: TokenKeyOptions): string[] {
  try {
    createTokenKeys(options)
    return []
  } catch (error) {
    // createTokenKeys throws nothing else.
    const { code, details } = error as GuardError
    expect(code).toBe('bad_token_policy')
    return (details as PolicyProblem[]).map((problem) => `${problem.path} ${problem.code}`)
  }
}

describe('keys of access tokens', () => {
  it('stand in slots: one signs, the next and the previous are accepted', () => {
    const keys = createTokenKeys({
      algorithm: 'EdDSA',
      current: signatureKeys.current,
      next: { kid: 'key-2', key: generateKeyPairSync('ed25519').publicKey },
      previous: [{ kid: 'key-0', key: generateKeyPairSync('ed25519').privateKey, untilMs: 5 }],
    })
    expect([keys.algorithm, keys.kid]).toEqual(['EdDSA', 'key-1'])
    expect(['key-0', 'key-1', 'key-2', 'key-3'].map((kid) => keys.find(kid)?.untilMs)).toEqual([
      5,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      undefined,
    ])
    expect(keys.find('key-1')?.verifies('text', keys.sign('text'))).toBe(true)
    expect(keys.find('key-2')?.verifies('text', keys.sign('text'))).toBe(false)
  })

  it.each([
    ['31 bytes in hexadecimal', randomBytes(31).toString('hex')],
    ['31 bytes in base64', randomBytes(31).toString('base64url')],
    ['a long word', 'correct-horse-battery-staple-correct-horse-battery-staple'],
    ['one letter', 'a'.repeat(64)],
    ['nothing', ''],
  ])('a weak secret is refused: %s', (_, text) => {
    const key = secret(text)
    expect(problemsOf({ algorithm: 'HS256', current: { kid: 'a', key } })).toEqual([
      'current.key token_secret_weak',
    ])
  })

  it('32 random bytes are accepted in every usual spelling', () => {
    for (let i = 0; i < 100; i++) {
      for (const form of ['hex', 'base64', 'base64url'] as const) {
        const key = secret(randomBytes(32).toString(form))
        expect(problemsOf({ algorithm: 'HS256', current: { kid: 'a', key } })).toEqual([])
      }
    }
  })

  it('every problem is told at once, and no message holds a secret', () => {
    const key = secret(secretText)
    const options: TokenKeyOptions = {
      algorithm: 'HS256',
      current: { kid: '../key', key },
      next: { kid: 'b', key: secret('short') },
      previous: [
        { kid: 'b', key, untilMs: Number.NaN },
        { kid: '', key: secret(randomBytes(32).toString('hex')), untilMs: 1 },
      ],
    }
    expect(problemsOf(options)).toEqual([
      'current.kid token_kid',
      'next.key token_secret_weak',
      'previous[0].kid token_kid_twice',
      'previous[0].untilMs token_key_until',
      'previous[0].key token_key_twice',
      'previous[1].kid token_kid',
    ])
    expect(() => createTokenKeys(options)).not.toThrow(secretText)
  })

  it('a key must be of the kind that its algorithm takes', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const ed448 = generateKeyPairSync('ed448')
    // What a program without types could hand over.
    const any = (key: unknown) => key as KeyObject & Secret
    const of = (algorithm: string, key: unknown) =>
      problemsOf({ algorithm: algorithm as 'EdDSA', current: { kid: 'a', key: any(key) } })
    expect(of('EdDSA', rsa.privateKey)).toEqual(['current.key token_key_kind'])
    expect(of('EdDSA', ed448.privateKey)).toEqual(['current.key token_key_kind'])
    expect(of('EdDSA', pair.publicKey)).toEqual(['current.key token_key_kind'])
    expect(of('EdDSA', hmacKeys.current.key)).toEqual(['current.key token_key_kind'])
    expect(of('HS256', pair.privateKey)).toEqual(['current.key token_key_kind'])
    expect(of('none', hmacKeys.current.key)).toEqual(['algorithm token_algorithm'])
    const next = { kid: 'b', key: rsa.publicKey }
    expect(problemsOf({ ...signatureKeys, next })).toEqual(['next.key token_key_kind'])
  })

  it('one key pair in two slots is no rotation', () => {
    const next = { kid: 'b', key: pair.publicKey }
    expect(problemsOf({ ...signatureKeys, next })).toEqual(['next.key token_key_twice'])
  })
})
