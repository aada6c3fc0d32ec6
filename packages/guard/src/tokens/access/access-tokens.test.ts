import { createSecretKey } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createSecret } from '../../secrets/secret.ts'
import type { Revocation, Revocations } from '../revocation/revocations.ts'
import {
  accessTokensForTests,
  hmacKeys,
  otherSecretText,
  pair,
  secretText,
  signatureKeys,
  startMs,
  testPolicy,
} from '../test-tokens.ts'
import { type AccessClaims, clockToleranceMs, revocationSubject } from './access-claims.ts'
import type { AccessVerdict } from './access-tokens.ts'

const subject = { sub: 'user_1', sid: 'session_1' }
const reasonOf = (verdict: AccessVerdict) => (verdict.valid ? 'valid' : verdict.reason)

const algorithms = [
  {
    name: 'HS256',
    keys: hmacKeys,
    joseSigns: createSecretKey(Buffer.from(secretText)),
    joseVerifies: createSecretKey(Buffer.from(secretText)),
  },
  { name: 'EdDSA', keys: signatureKeys, joseSigns: pair.privateKey, joseVerifies: pair.publicKey },
] as const

describe.each(algorithms)('access tokens by $name', ({ name, keys, joseSigns, joseVerifies }) => {
  it('say who, for whom, from when and until when, and hold for 15 minutes', async () => {
    const { accessTokens, clock } = await accessTokensForTests({ keys })
    clock.advance(123)
    const token = await accessTokens.issue(subject)
    const claims = {
      iss: 'https://app.example',
      aud: 'https://api.example',
      ...subject,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: startMs / 1000 + 0.123,
      nbf: startMs / 1000,
      exp: startMs / 1000 + 900,
    }
    expect(decodeProtectedHeader(token)).toEqual({ alg: name, typ: 'at+jwt', kid: 'key-1' })
    expect(decodeJwt(token)).toEqual(claims)
    expect(accessTokens.verify(token)).toEqual({ valid: true, claims })
    clock.advance(900_000 - 123 - 1)
    expect(accessTokens.verify(token)).toMatchObject({ valid: true })
    clock.advance(1)
    expect(accessTokens.verify(token)).toEqual({ valid: false, reason: 'expired' })
  })

  it('agree with jose: it verifies what we sign, and what it signs verifies here', async () => {
    const { accessTokens, clock } = await accessTokensForTests({ keys })
    const expected = {
      issuer: testPolicy.issuer,
      audience: testPolicy.audience,
      typ: 'at+jwt',
      currentDate: new Date(clock.now()),
    }
    for (let i = 0; i < 20; i++) {
      const ours = await accessTokens.issue({ sub: `user_${i}`, sid: `session_${i}` })
      const { payload } = await jwtVerify(ours, joseVerifies, expected)
      expect(payload.sub).toBe(`user_${i}`)
      const theirs = await new SignJWT(payload)
        .setProtectedHeader({ typ: 'at+jwt', kid: 'key-1', alg: name })
        .sign(joseSigns)
      expect(accessTokens.verify(theirs)).toEqual({ valid: true, claims: payload })
    }
  })
})

describe('an access token', () => {
  it('may come five seconds from the future, for clocks that differ, and not a millisecond more', async () => {
    const { accessTokens, clock } = await accessTokensForTests()
    clock.advance(clockToleranceMs)
    const token = await accessTokens.issue(subject)
    clock.advance(-clockToleranceMs)
    expect(accessTokens.verify(token)).toMatchObject({ valid: true })
    const early = await accessTokensForTests()
    early.clock.advance(-1)
    expect(early.accessTokens.verify(token)).toEqual({ valid: false, reason: 'not_yet_valid' })
  })

  it('is verified at once, without a promise, while the bus is alive', async () => {
    const { accessTokens } = await accessTokensForTests()
    const token = await accessTokens.issue(subject)
    expect(accessTokens.verify(token)).not.toBeInstanceOf(Promise)
    expect(accessTokens.verify(token)).not.toBeInstanceOf(Promise)
  })

  it('that is shown again costs no second verification, and its claims cannot be changed by who got them', async () => {
    const { accessTokens } = await accessTokensForTests()
    const token = await accessTokens.issue(subject)
    const first = accessTokens.verify(token)
    expect(accessTokens.verify(token)).toBe(first)
    if (first instanceof Promise || !first.valid) throw new Error('It holds.')
    expect(() => Object.assign(first.claims, { sub: 'somebody else' })).toThrow(TypeError)
  })

  it.each([
    ['', 's'],
    ['u', ''],
    ['u'.repeat(257), 's'],
    ['u v', 's'],
    ['u', 'ü'],
  ])('is not issued for ids that no token could carry back: %j %j', async (sub, sid) => {
    const { accessTokens } = await accessTokensForTests()
    await expect(accessTokens.issue({ sub, sid })).rejects.toThrow(RangeError)
  })

  it('with the longest ids of the worst letters still fits', async () => {
    const { accessTokens } = await accessTokensForTests({
      policy: { issuer: '"'.repeat(255), audience: '\\'.repeat(255) },
    })
    const token = await accessTokens.issue({ sub: '"'.repeat(256), sid: '\\'.repeat(256) })
    expect(accessTokens.verify(token)).toMatchObject({ valid: true })
  })

  it('policy that cannot be used is refused with every problem', async () => {
    const policy = { issuer: '', audience: 'a b', accessLifetimeMs: 1 }
    await expect(accessTokensForTests({ policy })).rejects.toMatchObject({
      code: 'bad_token_policy',
      details: [{ path: 'tokens.issuer' }, { path: 'tokens.audience' }, { path: 'tokens.accessLifetimeMs' }],
    })
  })
})

describe('an ended access token is refused although it was verified and remembered', () => {
  it.each([
    ['session', 'session_1'],
    ['family', 'session_1'],
    ['user', 'user_1'],
    ['token', undefined],
  ] as const)('by its %s', async (kind, id) => {
    const { accessTokens, revocations, clock } = await accessTokensForTests()
    const token = await accessTokens.issue(subject)
    const other = await accessTokens.issue({ sub: 'user_2', sid: 'session_2' })
    expect(accessTokens.verify(token)).toMatchObject({ valid: true })
    const { jti = '' } = decodeJwt(token)
    const facts = { kind, id: id ?? jti, cause: 'operator', forgetAtMs: clock.now() + 900_000 }
    await revocations.revoke(facts)
    expect(accessTokens.verify(token)).toEqual({
      valid: false,
      reason: 'revoked',
      revocation: { ...facts, revokedAtMs: clock.now() },
    })
    expect(accessTokens.verify(other)).toMatchObject({ valid: true })
  })

  it('while a token issued for the same user in the same millisecond, right after, holds', async () => {
    const { accessTokens, revocations, clock } = await accessTokensForTests()
    const before = await accessTokens.issue(subject)
    const forgetAtMs = clock.now() + 900_000
    await revocations.revoke({ kind: 'user', id: 'user_1', cause: 'password_changed', forgetAtMs })
    const after = await accessTokens.issue({ sub: 'user_1', sid: 'session_2' })
    expect(reasonOf(await accessTokens.verify(before))).toBe('revoked')
    expect(reasonOf(await accessTokens.verify(after))).toBe('valid')
  })

  it('and while neither bus nor store can say, nobody is told that it holds', async () => {
    let answer: Promise<Revocation | undefined> = Promise.resolve(undefined)
    const revocations: Revocations = {
      find: () => answer,
      revoke: async () => {},
      onRevoked: () => () => {},
      alive: false,
      stop: async () => {},
    }
    const { accessTokens } = await accessTokensForTests({ revocations })
    const token = await accessTokens.issue(subject)
    expect(await accessTokens.verify(token)).toMatchObject({ valid: true })
    answer = Promise.reject(new Error('store_unreachable'))
    expect(await accessTokens.verify(token)).toMatchObject({
      valid: false,
      reason: 'revocation_unknown',
      claims: subject,
    })
    const ended: Revocation = {
      kind: 'session',
      id: 'session_1',
      revokedAtMs: 1,
      forgetAtMs: 2,
      cause: 'signed_out',
    }
    answer = Promise.resolve(ended)
    expect(await accessTokens.verify(token)).toEqual({ valid: false, reason: 'revoked', revocation: ended })
  })
})

describe('keys in rotation', () => {
  const key = createSecret(otherSecretText, { name: 'NEW' })

  it('a token of the previous key holds until its slot ends, also when it is remembered', async () => {
    const old = await accessTokensForTests()
    const token = await old.accessTokens.issue(subject)
    const untilMs = startMs + 60_000
    const { accessTokens, clock } = await accessTokensForTests({
      keys: {
        algorithm: 'HS256',
        current: { kid: 'key-2', key },
        previous: [{ ...hmacKeys.current, untilMs }],
      },
    })
    expect(decodeProtectedHeader(await accessTokens.issue(subject)).kid).toBe('key-2')
    clock.advance(59_999)
    expect(reasonOf(await accessTokens.verify(token))).toBe('valid')
    clock.advance(1)
    expect(reasonOf(await accessTokens.verify(token))).toBe('key_unknown')
  })

  it('a process that is not yet switched accepts tokens of the next key', async () => {
    const switched = await accessTokensForTests({
      keys: { algorithm: 'HS256', current: { kid: 'key-2', key } },
    })
    const { accessTokens } = await accessTokensForTests({
      keys: { ...hmacKeys, next: { kid: 'key-2', key } },
    })
    expect(reasonOf(await accessTokens.verify(await switched.accessTokens.issue(subject)))).toBe('valid')
  })
})

it('a token names the ids by which it can be ended', () => {
  const claims: AccessClaims = {
    iss: 'i',
    aud: 'a',
    ...subject,
    jti: 'token_1',
    iat: 1_800_000_000.123,
    nbf: 1_800_000_000,
    exp: 1_800_000_900,
  }
  expect(revocationSubject(claims)).toEqual({
    session: 'session_1',
    family: 'session_1',
    user: 'user_1',
    token: 'token_1',
    issuedAtMs: 1_800_000_000_123,
  })
})
