import { identified } from '@levqor/server'
import { manualClock } from '@levqor/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { type CachedCredential, createCredentialCache } from './credential-cache.ts'

const credential = (id: string): CachedCredential => ({
  kind: 'apiKey',
  id,
  result: identified({ kind: 'apiKey', id, workspaceId: 'w', scopes: [], operator: false }),
})

function setup() {
  const clock = manualClock()
  return { clock, cache: createCredentialCache(clock, 1_000) }
}

it('believes a credential for its time and not a millisecond longer', async () => {
  const { clock, cache } = setup()
  await cache.load('h', async () => credential('a'))
  clock.advance(999)
  expect(cache.get('h')?.id).toBe('a')
  clock.advance(1)
  expect(cache.get('h')).toBeUndefined()
})

it('what was not found is not remembered', async () => {
  const { cache } = setup()
  await cache.load('h', async () => undefined)
  expect(await cache.load('h', async () => credential('a'))).toMatchObject({ id: 'a' })
})

it('forgetting is immediate', async () => {
  const { cache } = setup()
  await cache.load('h', async () => credential('a'))
  cache.forget('session', 'a')
  expect(cache.get('h')?.id).toBe('a')
  cache.forget('apiKey', 'a')
  expect(cache.get('h')).toBeUndefined()
})

it('a look-up that began before a revocation is neither kept nor shared after it', async () => {
  const { cache } = setup()
  const late = Promise.withResolvers<CachedCredential>()
  const early = cache.load('h', () => late.promise)
  cache.forget('apiKey', 'a')
  const after = cache.load('h', async () => undefined)
  late.resolve(credential('a'))
  expect(await early).toMatchObject({ id: 'a' })
  expect(await after).toBeUndefined()
  expect(cache.get('h')).toBeUndefined()
})

it('many who ask at once cost one look-up', async () => {
  const { cache } = setup()
  let looks = 0
  const find = async () => {
    looks++
    return credential('a')
  }
  await Promise.all(Array.from({ length: 100 }, () => cache.load('h', find)))
  expect(looks).toBe(1)
})

it('a look-up that fails is not remembered', async () => {
  const { cache } = setup()
  await expect(cache.load('h', () => Promise.reject(new Error('busy')))).rejects.toThrow('busy')
  expect(await cache.load('h', async () => credential('a'))).toMatchObject({ id: 'a' })
})

it('a flood of credentials does not grow it without bound', async () => {
  const { cache } = setup()
  for (let i = 0; i < 10_001; i++) await cache.load(`h${i}`, async () => credential(`${i}`))
  expect(cache.get('h0')).toBeUndefined()
  expect(cache.get('h1')).toBeDefined()
  expect(cache.get('h10000')).toBeDefined()
})

it('a header leads to what it was read as, for the same moment, and in its own place only', async () => {
  const { clock, cache } = setup()
  await cache.load('h', async () => credential('a'))
  cache.associate('plainCookie', 'session=x', 'h')
  expect(cache.recall('plainCookie', 'session=x')?.id).toBe('a')
  expect(cache.recall('secureCookie', 'session=x')).toBeUndefined()
  expect(cache.recall('key', 'session=x')).toBeUndefined()
  // Whoever has read a digest somewhere opens nothing by it.
  expect(cache.recall('plainCookie', 'h')).toBeUndefined()
  clock.advance(999)
  expect(cache.recall('plainCookie', 'session=x')?.id).toBe('a')
  clock.advance(1)
  expect(cache.recall('plainCookie', 'session=x')).toBeUndefined()
})

it('a header leads nowhere once its credential is forgotten, loaded anew or crowded out', async () => {
  const { clock, cache } = setup()
  const remember = async () => {
    await cache.load('h', async () => credential('a'))
    cache.associate('key', 'text', 'h')
    expect(cache.recall('key', 'text')?.id).toBe('a')
  }
  await remember()
  cache.forget('apiKey', 'b')
  expect(cache.recall('key', 'text')?.id).toBe('a')
  cache.forget('apiKey', 'a')
  expect(cache.recall('key', 'text')).toBeUndefined()
  await remember()
  cache.forgetAll()
  expect(cache.recall('key', 'text')).toBeUndefined()
  await remember()
  await cache.load('h', async () => credential('b'))
  expect(cache.recall('key', 'text')).toBeUndefined()
  cache.forgetAll()
  await remember()
  for (let i = 0; i < 10_000; i++) await cache.load(`other ${i}`, async () => credential(`${i}`))
  expect(cache.recall('key', 'text')).toBeUndefined()
  // Nothing is known by this digest: there is nothing to lead to.
  clock.advance(1_000)
  cache.associate('key', 'late', 'unknown')
  expect(cache.recall('key', 'late')).toBeUndefined()
})

it('remembers headers up to 512 characters, and none longer than its moment', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { cache } = setup()
  await cache.load('h', async () => credential('a'))
  cache.associate('key', 'x'.repeat(512), 'h')
  cache.associate('key', 'x'.repeat(513), 'h')
  expect(cache.recall('key', 'x'.repeat(512))?.id).toBe('a')
  expect(cache.recall('key', 'x'.repeat(513))).toBeUndefined()
  // By the machine's own time: texts that open something do not stay in memory.
  vi.advanceTimersByTime(1_000)
  expect(cache.recall('key', 'x'.repeat(512))).toBeUndefined()
  expect(cache.get('h')?.id).toBe('a')
})
