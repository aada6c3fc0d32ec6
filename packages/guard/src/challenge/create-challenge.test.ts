import { type SiteverifyProvider, siteverifyForTests, type TestSiteverify } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { createEgress } from '../egress/create-egress.ts'
import { createSecret } from '../secrets/secret.ts'
import { challengeProviders } from './challenge-providers.ts'
import { type ChallengeOptions, createChallenge } from './create-challenge.ts'

const text = '0x4AAAAAAAf1q8Zr1vYc0Lw5sKx9Tn2Jb7U'
const secret = createSecret(text, { name: 'CHALLENGE_SECRET', minimumBits: 64 })
const providers = Object.keys(challengeProviders) as SiteverifyProvider[] // the fake plays each of the table

const open: TestSiteverify[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()))
})

async function setup(provider: SiteverifyProvider = 'turnstile', options: Partial<ChallengeOptions> = {}) {
  const fake = await siteverifyForTests(provider, text)
  open.push(fake)
  const challenge = createChallenge({
    provider,
    secret,
    hostnames: ['app.example'],
    endpoint: fake.endpoint,
    // The fake listens on this machine, which outgoing requests refuse on their own.
    egress: createEgress({ allow: ['127.0.0.1'] }),
    ...options,
  })
  const verify = (token: string) => challenge.verify(token, '192.0.2.1')
  return { fake, challenge, verify }
}

describe.each(providers)('%s', (provider) => {
  it('takes a token that the provider takes, once', async () => {
    const { fake, verify } = await setup(provider)
    const token = fake.solve({ hostname: 'app.example' })
    expect(await verify(token)).toBe('ok')
    expect(await verify(token)).toBe('failed')
    expect(Object.fromEntries(fake.questions[0] ?? [])).toEqual({
      secret: text,
      response: token,
      remoteip: '192.0.2.1',
    })
  })

  it('refuses what was made up, and what another site collected', async () => {
    const { fake, verify } = await setup(provider)
    expect(await verify('made up')).toBe('failed')
    expect(await verify('')).toBe('failed')
    expect(await verify(fake.solve({ hostname: 'evil.example' }))).toBe('failed')
    expect(await verify(fake.solve({ hostname: 'app.example.evil.example' }))).toBe('failed')
  })

  it('a token cannot add to the question', async () => {
    const { fake, verify } = await setup(provider)
    await verify('x&secret=stolen&remoteip=127.0.0.1\r\nhost: evil.example')
    expect(fake.questions[0]?.getAll('secret')).toEqual([text])
    expect(fake.questions[0]?.getAll('remoteip')).toEqual(['192.0.2.1'])
  })

  it('says that it cannot say when our secret is wrong', async () => {
    const wrong = createSecret('0x4BBBBBBBf1q8Zr1vYc0Lw5sKx9Tn2Jb7U', {
      name: 'CHALLENGE_SECRET',
      minimumBits: 64,
    })
    const { fake, verify } = await setup(provider, { secret: wrong })
    expect(await verify(fake.solve({ hostname: 'app.example' }))).toBe('unavailable')
  })

  it.each(['down', 'garbage', 'silent', 'huge'] as const)(
    'a provider that is %s: unavailable, in time',
    async (state) => {
      const { fake, verify } = await setup(provider, { timeoutMs: 200 })
      fake.state = state
      expect(await verify(fake.solve({ hostname: 'app.example' }))).toBe('unavailable')
    },
  )
})

describe('every driver', () => {
  it('wants the action that it was told', async () => {
    const { fake, verify } = await setup('turnstile', { action: 'sign-in' })
    expect(await verify(fake.solve({ hostname: 'app.example' }))).toBe('failed')
    expect(await verify(fake.solve({ hostname: 'app.example', action: 'sign-in' }))).toBe('ok')
  })

  it('wants a person’s score where there is one', async () => {
    const { fake, verify } = await setup('recaptcha-v3', { minimumScore: 0.7 })
    expect(await verify(fake.solve({ hostname: 'app.example', score: 0.69 }))).toBe('failed')
    expect(await verify(fake.solve({ hostname: 'app.example', score: 0.7 }))).toBe('ok')
    const { fake: other, verify: byDefault } = await setup('recaptcha-v3')
    expect(await byDefault(other.solve({ hostname: 'app.example', score: 0.49 }))).toBe('failed')
    expect(await byDefault(other.solve({ hostname: 'app.example', score: 0.5 }))).toBe('ok')
  })

  it('does not reach into our own network by itself', async () => {
    const fake = await siteverifyForTests('turnstile', text)
    open.push(fake)
    const challenge = createChallenge({
      provider: 'turnstile',
      secret,
      hostnames: ['a.example'],
      endpoint: fake.endpoint,
    })
    expect(await challenge.verify(fake.solve({ hostname: 'a.example' }), '192.0.2.1')).toBe('unavailable')
    expect(fake.questions).toEqual([])
  })

  it.each<[string, Partial<ChallengeOptions>]>([
    ['provider', { provider: 'nobody' as never }],
    ['hostnames', { hostnames: [] }],
    ['hostnames', { hostnames: ['https://app.example'] }],
    ['minimumScore', { minimumScore: 0 }],
    ['endpoint', { endpoint: 'siteverify' }],
  ])('is refused with a wrong %s', (what, options) => {
    const make = () =>
      createChallenge({ provider: 'turnstile', secret, hostnames: ['app.example'], ...options })
    expect(make).toThrow(
      expect.objectContaining({ code: 'bad_challenge', message: expect.stringContaining(what) }),
    )
  })

  it('asks over HTTPS, at the provider’s documented address', () => {
    for (const { endpoint } of Object.values(challengeProviders))
      expect(endpoint).toMatch(/^https:\/\/.+siteverify$/)
  })
})
