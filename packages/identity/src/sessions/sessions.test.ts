import { asSystem } from '@levqor/database/system'
import { until } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { identityPolicy } from '../identity-policy.ts'
import { purgeIdentity } from '../purge-identity.ts'
import { type TestInstallation, testInstallation, tokenOf } from '../test-installation.ts'
import { eachSessionStyle } from './test-session-styles.ts'

const me = '/api/auth/me'

eachSessionStyle((store, style) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store, style)
    const { call, firstRun } = installation
    const jar = new Map<string, string>()
    const https = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.7' }
    const signIn = (headers = {}) =>
      call('POST', '/api/auth/magic-link/verify', {
        body: { token: tokenOf(firstRun.sign_in_link) },
        jar,
        headers,
      })
    return { ...installation, jar, signIn, https }
  }

  it('behind HTTPS the cookie is __Host-, Secure and HttpOnly, and the plain name counts for nothing', async () => {
    const { signIn, https, call, jar } = await setup()
    const { headers } = await signIn(https)
    const set = headers.getSetCookie()
    if (style.policy.sessionStyle === 'opaque') {
      expect(set[0]).toMatch(
        /^__Host-levqor_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
      )
    } else {
      expect(set[0]).toMatch(
        /^__Host-levqor_access=[\w-]+\.[\w-]+\.[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
      )
      expect(set[1]).toMatch(
        /^__Secure-levqor_refresh=[\w-]{70}; Max-Age=2592000; Path=\/api\/auth\/refresh; HttpOnly; SameSite=Strict; Secure$/,
      )
      expect(jar.has('__Host-levqor_session')).toBe(false)
    }
    expect((await call('GET', me, { jar, headers: https })).status).toBe(200)
    const plain = new Map([[style.cookie, jar.get(`__Host-${style.cookie}`) ?? '']])
    expect((await call('GET', me, { jar: plain, headers: https })).status).toBe(401)
  })

  it('signing out ends it at once, for everybody who holds the cookie', async () => {
    const { signIn, call, jar, rows, events } = await setup()
    await signIn()
    const copy = new Map(jar)
    const out = await call('POST', '/api/auth/logout', { jar })
    expect(out.status).toBe(204)
    expect(out.headers.getSetCookie()[0]).toContain('Max-Age=0')
    expect(jar.size).toBe(0)
    expect(await call('GET', me, { jar: copy })).toMatchObject({
      status: 401,
      body: { code: 'credential_invalid' },
    })
    expect((await call('POST', '/api/auth/logout', { jar: copy })).status).toBe(401)
    const audit = await rows<{ action: string }>(
      `SELECT action FROM audit_log WHERE action LIKE 'session.%' ORDER BY id`,
    )
    expect(audit.map(({ action }) => action)).toEqual(['session.started', 'session.ended'])
    await until(() => events.some(({ event }) => event === 'session.ended'), { what: 'the event' })
  })

  it('20 parallel sign-outs are one', async () => {
    const { signIn, call, jar, rows } = await setup()
    await signIn()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call('POST', '/api/auth/logout', { jar: new Map(jar) })),
    )
    expect(new Set(answers.map(({ status }) => status)).isSubsetOf(new Set([204, 401]))).toBe(true)
    expect(await rows(`SELECT id FROM audit_log WHERE action = 'session.ended'`)).toHaveLength(1)
  })

  it('ends 30 days after sign-in whatever its use, and after 7 idle days', async () => {
    const { signIn, call, jar, clock, identity } = await setup()
    await signIn()
    const { sessionIdleMs, sessionAbsoluteMs } = identityPolicy
    const started = clock.now()
    const status = async () => (await call('GET', me, { jar })).status
    while (clock.now() - started < sessionAbsoluteMs - sessionIdleMs) {
      clock.advance(sessionIdleMs - 1)
      expect(await status()).toBe(200)
      await identity.stop()
    }
    // Cookies count in whole seconds: what is renewed in the last of them is not kept.
    for (const left of [1_000, 1]) {
      clock.set(started + sessionAbsoluteMs - left)
      expect(await status()).toBe(200)
    }
    clock.set(started + sessionAbsoluteMs)
    expect(await status()).toBe(401)
  })

  it('is idle after exactly seven days without use', async () => {
    const { signIn, call, jar, clock } = await setup()
    await signIn()
    clock.advance(identityPolicy.sessionIdleMs)
    expect((await call('GET', me, { jar })).status).toBe(401)
  })

  it('ends with the account and with the membership', async () => {
    const { signIn, call, jar, clock, database } = await setup()
    await signIn()
    const change = async (sql: string) => {
      await asSystem(database).transaction((tx) => tx.run(sql))
      clock.advance(1_000)
      // A page would be told to forget its tokens.
      return (await call('GET', me, { jar, renew: false })).status
    }
    expect(await change(`UPDATE users SET status = 'disabled'`)).toBe(401)
    expect(await change(`UPDATE users SET status = 'active'`)).toBe(200)
    expect(await change('DELETE FROM memberships')).toBe(401)
  })

  it('a role counts from the next second on: a viewer makes no keys', async () => {
    const { signIn, call, jar, clock, database } = await setup()
    await signIn()
    await asSystem(database).transaction((tx) => tx.run(`UPDATE memberships SET role = 'member'`))
    clock.advance(1_000)
    const headers = { origin: 'http://levqor.test' }
    const refused = await call('POST', '/api/v1/api-keys', { jar, headers, body: { name: 'x' } })
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect((await call('GET', '/api/v1/api-keys', { jar })).status).toBe(200)
  })

  it('a shown key wins over the cookie, and a bad key is not rescued by it', async () => {
    const { signIn, call, jar, firstRun } = await setup()
    await signIn()
    expect((await call('GET', me, { jar, key: firstRun.api_key })).body.user).toBeNull()
    expect((await call('GET', me, { jar, key: 'nonsense' })).status).toBe(401)
  })

  it('another site cannot use the cookie to change anything', async () => {
    const { signIn, call, jar, rows } = await setup()
    await signIn()
    for (const headers of [{ origin: 'https://evil.test' }, { 'sec-fetch-site': 'cross-site' }]) {
      const made = await call('POST', '/api/v1/api-keys', { jar, body: { name: 'x' }, headers })
      expect(made).toMatchObject({ status: 403, body: { code: 'origin_denied' } })
      expect((await call('POST', '/api/auth/logout', { jar, headers })).status).toBe(403)
    }
    expect(await rows('SELECT id FROM api_keys')).toHaveLength(1)
    expect((await call('GET', me, { jar })).status).toBe(200)
  })

  it('links and sessions are deleted when they are past their time', async () => {
    const { signIn, call, jar, clock, database, rows } = await setup()
    await signIn()
    await call('POST', '/api/auth/logout', { jar })
    const day = 24 * 60 * minute
    clock.advance(2 * day)
    expect(await purgeIdentity(database)).toBe(0)
    clock.advance(1)
    expect(await purgeIdentity(database)).toBe(1)
    clock.advance(28 * day)
    expect(await purgeIdentity(database)).toBe(1)
    expect([
      ...(await rows('SELECT id FROM sessions')),
      ...(await rows('SELECT id FROM magic_links')),
    ]).toEqual([])
  })
})

const minute = 60_000
