import { fileURLToPath } from 'node:url'
import { redisAvailable, redisForTests, startProcess, until } from '@levqor/testing'
import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { redisRevocationBus } from '../../redis/redis-revocation-bus.ts'
import { settled, startChat } from '../../socket-io/test-chat.ts'
import { createAccessTokens } from '../access/access-tokens.ts'
import { createTokenKeys } from '../access/token-keys.ts'
import { createRevocations } from '../revocation/create-revocations.ts'
import { createMemoryRevocationStore } from '../revocation/memory-revocation-store.ts'
import type { Revocations } from '../revocation/revocations.ts'
import { accessTokensForTests, hmacKeys, refreshTokensForTests, testPolicy } from '../test-tokens.ts'

type Moved = { readonly clock: { advance(ms: number): void } }
type Parts = Awaited<ReturnType<typeof refreshTokensForTests>>

/** The owner rotates once; the thief has the token from before. */
async function steal({ refreshTokens, clock }: Pick<Parts, 'refreshTokens'> & Moved) {
  const { token: stolen, familyId } = await refreshTokens.start('user_1')
  const result = await refreshTokens.rotate(stolen)
  if (result.outcome !== 'rotated') throw new Error(result.outcome)
  clock.advance(10_001)
  return { stolen, owners: result.token, familyId }
}

const from = { address: '198.51.100.9', requestId: 'req_9' }

describe('a stolen refresh token that is replayed after the window', () => {
  it('kills the family: thief and owner are out, the access tokens are void', async () => {
    const parts = await refreshTokensForTests()
    const { stolen, owners, familyId } = await steal(parts)
    const { accessTokens } = await accessTokensForTests({ revocations: parts.revocations })
    const access = await accessTokens.issue({ sub: 'user_1', sid: familyId })
    expect(await accessTokens.verify(access)).toMatchObject({ valid: true })
    const reuse = { outcome: 'refused', reason: 'reuse_detected' }
    expect(await parts.refreshTokens.rotate(stolen, from)).toEqual(reuse)
    expect(await parts.refreshTokens.rotate(owners)).toEqual({ outcome: 'refused', reason: 'ended' })
    expect(await accessTokens.verify(access)).toMatchObject({
      valid: false,
      reason: 'revoked',
      revocation: { kind: 'family', id: familyId, cause: 'reuse_detected' },
    })
  })

  it('tells the user once and emits one event with a cause code, however often it is replayed', async () => {
    const parts = await refreshTokensForTests()
    const { stolen, familyId } = await steal(parts)
    await Promise.all(Array.from({ length: 100 }, () => parts.refreshTokens.rotate(stolen, from)))
    expect(parts.told).toEqual([{ familyId, userId: 'user_1', ...from }])
    const reuse = parts.events.all.filter(({ event }) => event === 'token.reuse_detected')
    expect(reuse).toEqual([
      {
        event: 'token.reuse_detected',
        ...from,
        actorId: 'user_1',
        details: { cause: 'reuse_detected', family: familyId, behind: 1 },
      },
    ])
    expect(JSON.stringify(parts.events.all)).not.toContain(stolen)
  })

  it('it is the owner who is found out if the thief was faster: the family dies all the same', async () => {
    const parts = await refreshTokensForTests()
    const { token } = await parts.refreshTokens.start('user_1')
    const thief = await parts.refreshTokens.rotate(token)
    if (thief.outcome !== 'rotated') throw new Error(thief.outcome)
    parts.clock.advance(900_000)
    expect(await parts.refreshTokens.rotate(token)).toMatchObject({ reason: 'reuse_detected' })
    expect(await parts.refreshTokens.rotate(thief.token)).toMatchObject({ reason: 'ended' })
  })

  it('inside the window thief and owner hold the same token, and the next use by both ends it', async () => {
    const parts = await refreshTokensForTests()
    const { token } = await parts.refreshTokens.start('user_1')
    const owner = await parts.refreshTokens.rotate(token)
    const thief = await parts.refreshTokens.rotate(token)
    if (owner.outcome === 'refused' || thief.outcome === 'refused') throw new Error('Both get it.')
    expect(thief.token).toBe(owner.token)
    parts.clock.advance(900_000)
    expect(await parts.refreshTokens.rotate(owner.token)).toMatchObject({ outcome: 'rotated' })
    parts.clock.advance(900_000)
    expect(await parts.refreshTokens.rotate(thief.token)).toMatchObject({ reason: 'reuse_detected' })
  })

  it('is refused also when nobody can be told, and that is said', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => warned.mockRestore())
    const parts = await refreshTokensForTests({ onReuse: () => Promise.reject(new Error('no mail')) })
    const { stolen } = await steal(parts)
    expect(await parts.refreshTokens.rotate(stolen)).toMatchObject({ reason: 'reuse_detected' })
    expect(warned.mock.calls.flat().join(' ')).toContain('no mail')
  })

  it('what breaks off between the family’s end and the access tokens’ is made good by the next replay', async () => {
    const inner = await refreshTokensForTests()
    let broken = true
    const revocations: Revocations = {
      ...inner.revocations,
      revoke: (facts) => (broken ? Promise.reject(new Error('cut off')) : inner.revocations.revoke(facts)),
    }
    const parts = await refreshTokensForTests({ store: inner.store, revocations })
    const { stolen, owners, familyId } = await steal(parts)
    await expect(parts.refreshTokens.rotate(stolen)).rejects.toThrow('cut off')
    expect(parts.told.length).toBe(1)
    const subject = { family: familyId, issuedAtMs: 0 }
    expect(inner.revocations.find(subject)).toBeUndefined()
    broken = false
    expect(await parts.refreshTokens.rotate(owners)).toMatchObject({ reason: 'ended' })
    expect(inner.revocations.find(subject)).toMatchObject({ cause: 'reuse_detected' })
  })
})

describe('a socket that was opened with the family’s access token', () => {
  it('is cut when the stolen token is replayed', async () => {
    await using chat = await startChat()
    const parts = await refreshTokensForTests({ revocations: chat.revocations, clock: chat.clock })
    const { stolen, familyId } = await steal({ ...parts, clock: chat.clock })
    const keys = createTokenKeys(hmacKeys)
    const { revocations, clock } = chat
    const accessTokens = createAccessTokens({ policy: testPolicy, keys, revocations, clock })
    const token = await accessTokens.issue({ sub: 'user_1', sid: familyId })
    const socket = chat.open({ auth: { token } })
    expect(await settled(socket)).toBe('connected')
    const cut = new Promise((resolve) => socket.once('disconnect', resolve))
    expect(await parts.refreshTokens.rotate(stolen)).toMatchObject({ reason: 'reuse_detected' })
    await cut
    expect(await settled(chat.open({ auth: { token } }))).toMatchObject({ code: 'credential_invalid' })
  })
})

describe.skipIf(!redisAvailable())('in ANOTHER process', () => {
  it('listeners hear that the family is dead', async () => {
    await using redis = await redisForTests()
    const program = fileURLToPath(new URL('../revocation/test-listening-process.ts', import.meta.url))
    await using other = await startProcess({
      command: process.execPath,
      args: [program, redis.url, redis.namespace],
      readyWhen: /listening\n/,
    })
    const client = new Redis(redis.url)
    const revocations = createRevocations({
      store: createMemoryRevocationStore(),
      bus: redisRevocationBus({ client, namespace: redis.namespace }),
    })
    onTestFinished(async () => {
      await revocations.stop()
      client.disconnect()
    })
    await until(() => revocations.alive, { what: 'the bus', timeoutMs: 15_000 })
    const parts = await refreshTokensForTests({ revocations })
    const { stolen, familyId } = await steal(parts)
    expect(await parts.refreshTokens.rotate(stolen)).toMatchObject({ reason: 'reuse_detected' })
    await until(() => other.output().includes(`family ${familyId} reuse_detected`), {
      what: 'the other process',
    })
  })
})
