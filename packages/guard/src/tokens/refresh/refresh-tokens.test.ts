import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { refreshStoreCases } from '../../conformance/index.ts'
import { createSecret } from '../../secrets/secret.ts'
import type { Revocations } from '../revocation/revocations.ts'
import { otherSecretText, refreshTokensForTests, secretText, startMs, testPolicy } from '../test-tokens.ts'
import { createMemoryRefreshStore } from './memory-refresh-store.ts'
import type { RefreshFamily, RefreshStore } from './refresh-store.ts'
import { deriveRefreshToken } from './refresh-token.ts'

const lifetimeMs = 2_592_000_000
const secret = createSecret(secretText, { name: 'OLD' })
const newSecret = createSecret(otherSecretText, { name: 'NEW' })

describe('the memory store keeps the contract of every store of refresh tokens', () => {
  const cases = refreshStoreCases(async () => {
    const store = createMemoryRefreshStore()
    return { stores: [store, store], close: async () => {} }
  })
  for (const { name, run } of cases) it(name, run)

  it('prunes no more than a thousand at once', async () => {
    const store = createMemoryRefreshStore()
    const family: RefreshFamily = {
      id: '',
      userId: 'u',
      seed: '',
      counter: 1,
      tokenHash: '',
      rotatedAtMs: [],
      createdAtMs: 0,
      expiresAtMs: 1,
    }
    for (let i = 0; i < 1500; i++) await store.add({ ...family, id: String(i) })
    expect([await store.prune(2), await store.prune(2)]).toEqual([1000, 500])
  })
})

describe('a family of refresh tokens', () => {
  it('holds 30 days, whatever its use', async () => {
    const { refreshTokens, clock } = await refreshTokensForTests()
    let { token, expiresAtMs } = await refreshTokens.start('user_1')
    expect(expiresAtMs).toBe(startMs + lifetimeMs)
    for (let day = 1; day < 30; day++) {
      clock.advance(86_400_000)
      const result = await refreshTokens.rotate(token)
      if (result.outcome !== 'rotated') throw new Error(`${day}: ${result.outcome}`)
      expect(result.expiresAtMs).toBe(startMs + lifetimeMs)
      token = result.token
    }
    clock.advance(86_400_000 - 1)
    const last = await refreshTokens.rotate(token)
    if (last.outcome !== 'rotated') throw new Error(last.outcome)
    clock.advance(1)
    expect(await refreshTokens.rotate(last.token)).toEqual({ outcome: 'refused', reason: 'expired' })
  })

  it('gives a new token at every use: 70 letters, of which none tells another', async () => {
    const { refreshTokens } = await refreshTokensForTests()
    const seen = new Set<string>()
    let { token, familyId } = await refreshTokens.start('user_1')
    for (let i = 0; i < 50; i++) {
      expect(token).toMatch(/^[A-Za-z0-9_-]{70}$/)
      seen.add(token)
      const result = await refreshTokens.rotate(token)
      if (result.outcome !== 'rotated') throw new Error(result.outcome)
      expect(result).toMatchObject({ familyId, userId: 'user_1' })
      token = result.token
    }
    expect(seen.size).toBe(50)
  })

  it('the store holds its newest token’s hash and no token', async () => {
    const { refreshTokens, store } = await refreshTokensForTests()
    const first = await refreshTokens.start('user_1')
    const result = await refreshTokens.rotate(first.token)
    if (result.outcome !== 'rotated') throw new Error(result.outcome)
    const family = await store.find(first.familyId)
    expect(family).toMatchObject({
      counter: 2,
      tokenHash: createHash('sha256').update(result.token).digest('hex'),
    })
    const kept = JSON.stringify(family)
    for (const { token } of [first, result]) {
      expect(kept).not.toContain(token)
      expect(kept).not.toContain(token.slice(27))
    }
  })

  it('whoever has the store alone, or the secret alone, can make no token', async () => {
    const { refreshTokens, store } = await refreshTokensForTests()
    const { token, familyId } = await refreshTokens.start('user_1')
    const family = await store.find(familyId)
    if (family === undefined) throw new Error('It was stored.')
    expect(deriveRefreshToken(family, 1, secret)).toBe(token)
    expect(deriveRefreshToken(family, 1, newSecret)).not.toBe(token)
    expect(deriveRefreshToken({ ...family, seed: 'guessed' }, 1, secret)).not.toBe(token)
  })

  it('two families have nothing in common', async () => {
    const { refreshTokens } = await refreshTokensForTests()
    const [one, other] = [await refreshTokens.start('user_1'), await refreshTokens.start('user_1')]
    expect(one.familyId).not.toBe(other.familyId)
    await refreshTokens.end(one.familyId, 'signed_out')
    expect(await refreshTokens.rotate(one.token)).toMatchObject({ reason: 'ended' })
    expect(await refreshTokens.rotate(other.token)).toMatchObject({ outcome: 'rotated' })
  })
})

describe('a text that is no token of ours', () => {
  it('is refused, recorded, and ends nothing', async () => {
    const { refreshTokens, events } = await refreshTokensForTests()
    const { token } = await refreshTokens.start('user_1')
    const bytes = Buffer.from(token, 'base64url')
    const bend = (change: (copy: Buffer) => void) => {
      const copy = Buffer.from(bytes)
      change(copy)
      return copy.toString('base64url')
    }
    const wrong = [
      ['', 'malformed'],
      ['x', 'malformed'],
      [`${token}=`, 'malformed'],
      [`${token} `, 'malformed'],
      [token.slice(1), 'malformed'],
      [`${token.slice(0, 69)}=`, 'malformed'],
      [`${token.slice(0, 69)}${token.endsWith('A') ? 'B' : 'A'}`, undefined],
      [bend((copy) => copy.writeUInt8((copy[51] ?? 0) ^ 1, 51)), 'unknown'],
      [bend((copy) => copy.writeUInt8((copy[0] ?? 0) ^ 1, 0)), 'unknown'],
      [bend((copy) => copy.writeUInt32BE(0, 16)), 'unknown'],
      [bend((copy) => copy.writeUInt32BE(2, 16)), 'unknown'],
      [bend((copy) => copy.fill(0, 20)), 'unknown'],
    ] as const
    for (const [text, reason] of wrong) {
      const result = await refreshTokens.rotate(text, { address: '192.0.2.1', requestId: 'req_1' })
      expect(result).toEqual({ outcome: 'refused', reason: reason ?? expect.any(String) })
    }
    expect(events.all.length).toBe(wrong.length)
    expect(events.all[0]).toEqual({
      event: 'token.invalid',
      address: '192.0.2.1',
      requestId: 'req_1',
      details: { token: 'refresh', reason: 'malformed' },
    })
    expect(await refreshTokens.rotate(token)).toMatchObject({ outcome: 'rotated' })
  })

  it('property: any single changed letter of a token fails and ends nothing', async () => {
    const { refreshTokens } = await refreshTokensForTests()
    const { token } = await refreshTokens.start('user_1')
    for (let at = 0; at < token.length; at++) {
      for (const letter of ['A', 'B', '-', '_', '9', '=', '.', 'é']) {
        const bent = token.slice(0, at) + letter + token.slice(at + 1)
        if (bent !== token) expect(await refreshTokens.rotate(bent)).toMatchObject({ outcome: 'refused' })
      }
    }
    expect(await refreshTokens.rotate(token)).toMatchObject({ outcome: 'rotated' })
  })
})

describe('ending', () => {
  it('a family voids its refresh and access tokens everywhere', async () => {
    const { refreshTokens, revocations, clock } = await refreshTokensForTests()
    const { token, familyId } = await refreshTokens.start('user_1')
    const heard: string[] = []
    revocations.onRevoked(({ kind, id, cause }) => heard.push(`${kind} ${id} ${cause}`))
    await refreshTokens.end(familyId, 'signed_out')
    expect(heard).toEqual([`family ${familyId} signed_out`])
    expect(revocations.find({ family: familyId, issuedAtMs: clock.now() })).toMatchObject({
      // The access tokens' 15 minutes, and an hour for a process that heard nothing.
      forgetAtMs: startMs + 900_000 + 3_600_000,
    })
    expect(await refreshTokens.rotate(token)).toEqual({ outcome: 'refused', reason: 'ended' })
  })

  it('everything of a user spares who signs in right afterwards, in the same millisecond', async () => {
    const { refreshTokens } = await refreshTokensForTests()
    const before = await refreshTokens.start('user_1')
    const other = await refreshTokens.start('user_2')
    await refreshTokens.endAllOf('user_1', 'password_changed')
    const after = await refreshTokens.start('user_1')
    expect(await refreshTokens.rotate(before.token)).toMatchObject({ reason: 'ended' })
    expect(await refreshTokens.rotate(after.token)).toMatchObject({ outcome: 'rotated' })
    expect(await refreshTokens.rotate(other.token)).toMatchObject({ outcome: 'rotated' })
  })

  it.each(['family', 'session', 'user'] as const)(
    'a revocation of its %s ends it for good, also when that is forgotten',
    async (kind) => {
      const { refreshTokens, revocations, clock } = await refreshTokensForTests()
      const { token, familyId } = await refreshTokens.start('user_1')
      const id = kind === 'user' ? 'user_1' : familyId
      await revocations.revoke({ kind, id, cause: 'operator', forgetAtMs: clock.now() + 1 })
      expect(await refreshTokens.rotate(token)).toEqual({ outcome: 'refused', reason: 'revoked' })
      expect(await refreshTokens.rotate(token)).toEqual({ outcome: 'refused', reason: 'ended' })
    },
  )
})

describe('the secret', () => {
  it('can be replaced: nobody is signed out, and a thief is still found out', async () => {
    const before = await refreshTokensForTests()
    const { store, revocations } = before
    const { token: first } = await before.refreshTokens.start('user_1')
    const second = await before.refreshTokens.rotate(first)
    if (second.outcome !== 'rotated') throw new Error(second.outcome)
    const after = await refreshTokensForTests({
      store,
      revocations,
      secret: newSecret,
      previousSecret: secret,
    })
    expect(await after.refreshTokens.rotate(first)).toEqual({ ...second, outcome: 'repeated' })
    const third = await after.refreshTokens.rotate(second.token)
    expect(third).toMatchObject({ outcome: 'rotated' })
    after.clock.advance(10_001)
    expect(await after.refreshTokens.rotate(first)).toEqual({ outcome: 'refused', reason: 'reuse_detected' })
  })

  it('replaced without the one before: the newest token still rotates, an older one is unknown', async () => {
    const before = await refreshTokensForTests()
    const { store, revocations } = before
    const { token: first } = await before.refreshTokens.start('user_1')
    const second = await before.refreshTokens.rotate(first)
    if (second.outcome !== 'rotated') throw new Error(second.outcome)
    const after = await refreshTokensForTests({ store, revocations, secret: newSecret })
    expect(await after.refreshTokens.rotate(first)).toEqual({ outcome: 'refused', reason: 'unknown' })
    expect(await after.refreshTokens.rotate(second.token)).toMatchObject({ outcome: 'rotated' })
  })

  it('of a process that is switched later: who lost a race is helped by one more rotation', async () => {
    const early = await refreshTokensForTests({ secret: newSecret, previousSecret: secret })
    const late = await refreshTokensForTests({ store: early.store, revocations: early.revocations })
    const { token } = await late.refreshTokens.start('user_1')
    const theirs = await early.refreshTokens.rotate(token)
    const mine = await late.refreshTokens.rotate(token)
    if (theirs.outcome !== 'rotated' || mine.outcome !== 'rotated') throw new Error(mine.outcome)
    expect(mine.token).not.toBe(theirs.token)
    expect(await early.refreshTokens.rotate(theirs.token)).toMatchObject({
      outcome: 'repeated',
      token: mine.token,
    })
  })

  it('weak secrets and a wrong policy are refused together', async () => {
    const weak = createSecret('changeme', { name: 'WEAK', minimumBits: 0 })
    const made = refreshTokensForTests({
      policy: { ...testPolicy, issuer: '' },
      secret: weak,
      previousSecret: weak,
    })
    await expect(made).rejects.toMatchObject({
      code: 'bad_token_policy',
      details: [
        { path: 'tokens.issuer' },
        { path: 'secret', code: 'token_secret_weak' },
        { path: 'previousSecret' },
      ],
    })
  })
})

describe('a store that fails', () => {
  it('is an error and never a refusal: nobody’s cookies are ended for it', async () => {
    const { refreshTokens, store } = await refreshTokensForTests()
    const { token } = await refreshTokens.start('user_1')
    const broken: RefreshStore = { ...store, find: () => Promise.reject(new Error('database gone')) }
    const elsewhere = await refreshTokensForTests({ store: broken })
    await expect(elsewhere.refreshTokens.rotate(token)).rejects.toThrow('database gone')
  })

  it('that takes no step and shows no other is given up after three looks', async () => {
    let looks = 0
    const inner = createMemoryRefreshStore()
    const store: RefreshStore = {
      ...inner,
      advance: async () => {
        looks++
        return false
      },
    }
    const { refreshTokens } = await refreshTokensForTests({ store })
    const { token } = await refreshTokens.start('user_1')
    await expect(refreshTokens.rotate(token)).rejects.toMatchObject({ code: 'store_unreachable' })
    expect(looks).toBe(3)
  })

  it('that cannot say what was revoked lets nobody rotate, and signs nobody out', async () => {
    const parts = await refreshTokensForTests()
    const { token } = await parts.refreshTokens.start('user_1')
    const revocations: Revocations = {
      ...parts.revocations,
      find: () => Promise.reject(Object.assign(new Error('down'), { code: 'store_unreachable' })),
    }
    const deaf = await refreshTokensForTests({ store: parts.store, revocations })
    await expect(deaf.refreshTokens.rotate(token)).rejects.toMatchObject({ code: 'store_unreachable' })
    expect(await parts.refreshTokens.rotate(token)).toMatchObject({ outcome: 'rotated' })
  })
})
