import { describe, expect, it } from 'vitest'
import { testPolicy } from '../test-tokens.ts'
import { createCookie } from './cookie.ts'
import { createTokenCookies } from './token-cookies.ts'

const https = { https: true }
const http = { https: false }
const session = { name: 'levqor_session', sameSite: 'Lax', lifetimeMs: 86_400_000 } as const
const policy = { ...testPolicy, cookies: { refreshPath: '/auth/refresh' } }

describe('cookies on HTTPS', () => {
  it('access: this host alone, never from another site, 900 seconds', () => {
    expect(createTokenCookies(policy, https).access.write('a.b.c')).toBe(
      '__Host-access=a.b.c; Max-Age=900; Path=/; HttpOnly; SameSite=Strict; Secure',
    )
  })

  it('refresh: its own path alone, 2,592,000 seconds, or what is left of its family', () => {
    const { refresh } = createTokenCookies(policy, https)
    expect(refresh.write('token')).toBe(
      '__Secure-refresh=token; Max-Age=2592000; Path=/auth/refresh; HttpOnly; SameSite=Strict; Secure',
    )
    expect(refresh.write('token', 1999)).toContain('; Max-Age=1;')
    expect(refresh.write('token', -5)).toContain('; Max-Age=0;')
  })

  it('a session of pages is Lax, so that links from mail arrive signed in', () => {
    expect(createCookie(session, https).write('s')).toBe(
      '__Host-levqor_session=s; Max-Age=86400; Path=/; HttpOnly; SameSite=Lax; Secure',
    )
  })

  it('end with the attributes they were set with', () => {
    const { access, refresh } = createTokenCookies(policy, https)
    expect(access.end()).toBe('__Host-access=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict; Secure')
    expect(refresh.end()).toBe(
      '__Secure-refresh=; Max-Age=0; Path=/auth/refresh; HttpOnly; SameSite=Strict; Secure',
    )
  })

  it('follow the policy’s names and lifetimes', () => {
    const named = createTokenCookies(
      { ...policy, accessLifetimeMs: 60_000, cookies: { access: 'a', refresh: 'r', refreshPath: '/r' } },
      https,
    )
    expect(named.access.write('x')).toContain('__Host-a=x; Max-Age=60;')
    expect(named.refresh.name).toBe('__Secure-r')
  })
})

describe('cookies on plain HTTP, in development', () => {
  it('have no prefix, which browsers would refuse, and no Secure', () => {
    const { access, refresh } = createTokenCookies(policy, http)
    expect(access.write('a')).toBe('access=a; Max-Age=900; Path=/; HttpOnly; SameSite=Strict')
    expect(refresh.end()).toBe('refresh=; Max-Age=0; Path=/auth/refresh; HttpOnly; SameSite=Strict')
  })

  it('are not read on HTTPS, nor the other way round', () => {
    const header = 'levqor_session=plain; __Host-levqor_session=prefixed'
    expect(createCookie(session, https).read(header)).toEqual({ outcome: 'found', value: 'prefixed' })
    expect(createCookie(session, http).read(header)).toEqual({ outcome: 'found', value: 'plain' })
  })
})

describe('what no cookie may hold or be called', () => {
  it.each(['', 'a b', 'a;Domain=evil', 'a\r\nSet-Cookie: x=y', '"a"', 'é', 'a'.repeat(4097)])(
    'the value %j is refused when it is set',
    (value) => {
      expect(() => createCookie(session, https).write(value)).toThrow(RangeError)
    },
  )

  it.each([
    [{ ...session, name: '__Host-x' }],
    [{ ...session, name: 'a;b' }],
    [{ ...session, path: 'x' }],
    [{ ...session, path: '/x;Domain=evil' }],
  ])('%j is refused at start', (facts) => {
    expect(() => createCookie(facts, https)).toThrow(expect.objectContaining({ code: 'bad_token_policy' }))
  })
})
