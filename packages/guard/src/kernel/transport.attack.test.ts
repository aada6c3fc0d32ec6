// Plain HTTP where HTTPS is required, and whose word about it counts.
import { describe, expect, it } from 'vitest'
import { guardForTests, testActors } from './guard-for-tests.ts'

const transport = { plainHttp: 'require-https', publicOrigin: 'https://app.example' } as const
const setup = () => guardForTests({ policy: { transport } })
const proxy = '10.0.0.1'

describe('plain HTTP', () => {
  it('API doors refuse instead of redirecting: a client must not learn to send its key in the clear first', async () => {
    const { ask, names } = setup()
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
      const { outcome, reason, location } = await ask('key', testActors.key, { method })
      expect([outcome, reason, location]).toEqual(['deny', 'https_required', undefined])
    }
    expect(names()).toEqual(Array(4).fill('transport.refused'))
  })

  it('its credential is not even looked at', async () => {
    const { guard, open } = setup()
    const never = () => {
      throw new Error('nobody is asked')
    }
    expect((await guard.pass(open('key'), never, undefined)).reason).toBe('https_required')
  })

  it('pages move to the public origin with 308, path and query kept', async () => {
    const { ask } = setup()
    expect(await ask('page', undefined, { url: '/a/b?c=d' })).toMatchObject({
      reason: 'https_redirect',
      location: 'https://app.example/a/b?c=d',
    })
  })

  it.each([
    ['//evil.example/x', 'https://app.example//evil.example/x'],
    ['http://evil.example/x', 'https://app.example/'],
    ['https:evil.example', 'https://app.example/'],
    ['\\\\evil.example', 'https://app.example/'],
    ['@evil.example', 'https://app.example/'],
    ['.evil.example', 'https://app.example/'],
    ['', 'https://app.example/'],
  ])('a redirect of %j never leaves the public origin', async (url, expected) => {
    const { ask } = setup()
    const { location = '' } = await ask('page', undefined, { url })
    expect(location).toBe(expected)
    expect(new URL(location).origin).toBe('https://app.example')
  })

  it('the Host header is never asked', async () => {
    const { ask } = setup()
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' }
    expect((await ask('page', undefined, { headers })).location).toBe('https://app.example/x')
  })

  it('observed, a page that would have moved is told; enforced, moving is nothing to tell', async () => {
    const observed = guardForTests({ policy: { transport }, modes: { transport: 'observe' } })
    observed.events.length = 0
    expect((await observed.ask('page', undefined)).outcome).toBe('degrade')
    expect(observed.names()).toEqual(['transport.refused'])
    const { ask, names } = setup()
    await ask('page', undefined)
    expect(names()).toEqual([])
  })

  it('a form posted to a page is refused, not sent on', async () => {
    const { ask } = setup()
    expect((await ask('page', undefined, { method: 'POST' })).reason).toBe('https_required')
  })
})

describe('the forwarded protocol', () => {
  const told = { headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.9' } }

  it('counts from a trusted proxy', async () => {
    const { ask } = setup()
    expect((await ask('open', undefined, { ...told, remoteAddress: proxy })).reason).toBe('allowed')
  })

  it('counts from nobody else: a client cannot declare its own connection safe', async () => {
    const { ask } = setup()
    for (const headers of [
      told.headers,
      { forwarded: 'proto=https' },
      { 'x-forwarded-ssl': 'on' },
      { 'front-end-https': 'on' },
      { 'x-forwarded-scheme': 'https' },
    ]) {
      expect((await ask('open', undefined, { headers })).reason).toBe('https_required')
      expect((await ask('open', undefined, { headers, remoteAddress: '11.0.0.1' })).reason).toBe(
        'https_required',
      )
    }
  })

  it('plain before the proxy is plain, whatever stands left of its word', async () => {
    const { ask } = setup()
    const headers = { 'x-forwarded-proto': 'https, https, http', 'x-forwarded-for': '192.0.2.9' }
    expect((await ask('open', undefined, { headers, remoteAddress: proxy, encrypted: true })).reason).toBe(
      'https_required',
    )
  })
})

describe('HSTS', () => {
  it('is sent over HTTPS only: over plain HTTP it means nothing and could be anybody’s', async () => {
    const { ask } = setup()
    const hsts = async (encrypted: boolean, door = 'open') =>
      (await ask(door, undefined, { encrypted })).headers['strict-transport-security']
    for (const door of ['open', 'page', 'probe']) {
      expect(await hsts(true, door)).toBe('max-age=31536000; includeSubDomains; preload')
      expect(await hsts(false, door)).toBeUndefined()
    }
  })

  it('nothing but what is on the way of a page is upgraded', async () => {
    const { guard } = setup()
    expect(guard.pageCsp('n', true)).toContain('upgrade-insecure-requests')
    expect(guard.pageCsp('n', false)).not.toContain('upgrade-insecure-requests')
  })
})
