import { describe, expect, it } from 'vitest'
import { testPolicy } from './test-tokens.ts'
import { checkTokenPolicy, requireTokenPolicy, type TokenPolicy, tokenSettings } from './token-policy.ts'

const day = 86_400_000
const cookies = { refreshPath: '/auth/refresh' }
const found = (facts: Partial<TokenPolicy>) =>
  checkTokenPolicy({ ...testPolicy, ...facts }, 'tokens').map(({ path, code }) => `${path} ${code}`)

describe('the policy of tokens', () => {
  it('needs an issuer and an audience; the rest has defaults', () => {
    expect(found({ cookies })).toEqual([])
    expect(tokenSettings(testPolicy)).toEqual({
      ...testPolicy,
      accessLifetimeMs: 900_000,
      refreshLifetimeMs: 2_592_000_000,
      reuseWindowMs: 10_000,
    })
  })

  it.each([
    [{ issuer: '' }, 'tokens.issuer token_issuer'],
    [{ issuer: 'https://app example' }, 'tokens.issuer token_issuer'],
    [{ audience: 'é' }, 'tokens.audience token_audience'],
    [{ audience: 'a'.repeat(256) }, 'tokens.audience token_audience'],
    [{ accessLifetimeMs: 59_000 }, 'tokens.accessLifetimeMs token_lifetime'],
    [{ accessLifetimeMs: 3_601_000 }, 'tokens.accessLifetimeMs token_lifetime'],
    [{ accessLifetimeMs: 900_001 }, 'tokens.accessLifetimeMs token_lifetime'],
    [{ accessLifetimeMs: Number.NaN }, 'tokens.accessLifetimeMs token_lifetime'],
    [{ refreshLifetimeMs: 91 * day }, 'tokens.refreshLifetimeMs token_lifetime'],
    [{ refreshLifetimeMs: -1 }, 'tokens.refreshLifetimeMs token_lifetime'],
    [{ refreshLifetimeMs: 900_000 }, 'tokens.refreshLifetimeMs token_lifetimes'],
    [{ reuseWindowMs: -1 }, 'tokens.reuseWindowMs token_reuse_window'],
    [{ reuseWindowMs: 60_001 }, 'tokens.reuseWindowMs token_reuse_window'],
    [{ reuseWindowMs: 0.5 }, 'tokens.reuseWindowMs token_reuse_window'],
    [{ cookies: { ...cookies, access: '__Host-access' } }, 'tokens.cookies.access cookie_name'],
    [{ cookies: { ...cookies, access: '__sEcUrE-a' } }, 'tokens.cookies.access cookie_name'],
    [{ cookies: { ...cookies, refresh: 'a=b' } }, 'tokens.cookies.refresh cookie_name'],
    [{ cookies: { ...cookies, refresh: '' } }, 'tokens.cookies.refresh cookie_name'],
    [{ cookies: { ...cookies, refresh: 'access' } }, 'tokens.cookies.refresh cookie_name_twice'],
    [{ cookies: { refreshPath: '/' } }, 'tokens.cookies.refreshPath cookie_path'],
    [{ cookies: { refreshPath: 'auth' } }, 'tokens.cookies.refreshPath cookie_path'],
    [{ cookies: { refreshPath: '/auth; Domain=evil' } }, 'tokens.cookies.refreshPath cookie_path'],
  ] as const)('%j is refused: %s', (facts, problem) => {
    expect(found(facts)).toEqual([problem])
  })

  it.each([
    [{ accessLifetimeMs: 60_000 }],
    [{ accessLifetimeMs: 3_600_000 }],
    [{ refreshLifetimeMs: 90 * day }],
    [{ refreshLifetimeMs: 901_000 }],
    [{ reuseWindowMs: 0 }],
    [{ reuseWindowMs: 60_000 }],
    [{ issuer: 'a', audience: '~'.repeat(255) }],
  ])('%j is at the edge', (facts) => {
    expect(found(facts)).toEqual([])
  })

  it('every problem at once, each with a fix, together with what else is wrong', () => {
    const policy = { issuer: '', audience: '', cookies: { refreshPath: '' } }
    const other = { code: 'token_secret_weak', path: 'secret', fix: 'Use another.' }
    expect(() => requireTokenPolicy(policy, [other])).toThrow(
      expect.objectContaining({
        code: 'bad_token_policy',
        message: expect.stringMatching(
          /issuer = "": .+\n.+audience = "": .+\n.+refreshPath = "": .+\nsecret: .+Use another/s,
        ),
      }),
    )
  })
})
