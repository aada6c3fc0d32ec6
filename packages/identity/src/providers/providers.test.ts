// Signing in at a real provider, over HTTP.
import { asSystem } from '@levqor/database/system'
import { eachStore, until } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { twoSteps } from '../second-factor/test-two-steps.ts'
import {
  ada,
  leadsTo,
  microsoftAt,
  oidcAt,
  type ProviderInstallation,
  type ProviderSetup,
  providerInstallation,
} from './test-providers.ts'

eachStore((store) => {
  let installation: ProviderInstallation
  afterEach(() => installation.stop())
  const setup = async (options?: ProviderSetup) => {
    installation = await providerInstallation(store, options)
    return installation
  }

  describe('signing in', () => {
    it('a first visit makes an account with a workspace, and later ones come back to it', async () => {
      const { walk, call, rows, audited, events } = await setup()
      const jar = new Map<string, string>()
      expect(leadsTo(await walk(ada, { jar, body: { next: '/jobs?status=dead' } }))).toBe('/jobs?status=dead')
      expect((await call('GET', '/api/auth/me', { jar })).body).toMatchObject({
        user: { email: 'ada@example.com', name: 'Ada' },
        workspace: { name: 'Workspace of Ada', role: 'owner' },
      })
      expect(await audited('user.created')).toHaveLength(1)
      expect(await audited('identity.linked')).toHaveLength(1)
      const again = new Map<string, string>()
      expect(leadsTo(await walk(ada, { jar: again }))).toBe('/')
      expect(await rows("SELECT id FROM users WHERE email = 'ada@example.com'")).toHaveLength(1)
      const sessions = await call('GET', '/api/auth/sessions', { jar: again })
      expect(sessions.body.items.map(({ method }: { method: string }) => method)).toEqual([
        'google',
        'google',
      ])
      await until(() => events.some(({ event }) => event === 'auth.succeeded'), { what: 'the event' })
    })

    it('the cookie of the way is the browser’s alone, for ten minutes, and gone after it', async () => {
      const { start, comeBack, provider } = await setup()
      const jar = new Map<string, string>()
      const started = await start(jar)
      const line = started.headers.getSetCookie().find((cookie) => cookie.startsWith('levqor_provider='))
      expect(line).toMatch(/Path=\/; HttpOnly; SameSite=Lax; Max-Age=600|Max-Age=600.*HttpOnly; SameSite=Lax/)
      expect(line).not.toMatch(/Domain/i)
      await comeBack(await provider.authorize(started.body.authorization_url, ada), jar)
      expect(jar.has('levqor_provider')).toBe(false)
      expect(jar.has('levqor_session')).toBe(true)
    })

    it('asks with PKCE, state and nonce that are never the same, and the exact redirect address', async () => {
      const { start } = await setup()
      const questions = await Promise.all([start(new Map()), start(new Map())])
      const [first, second] = questions.map(({ body }) => new URL(body.authorization_url).searchParams)
      expect(Object.fromEntries(first ?? [])).toMatchObject({
        response_type: 'code',
        scope: 'openid email profile',
        redirect_uri: 'http://levqor.test/api/auth/oauth/google/callback',
        code_challenge_method: 'S256',
      })
      for (const name of ['state', 'nonce', 'code_challenge']) {
        expect(first?.get(name)?.length).toBeGreaterThan(40)
        expect(first?.get(name)).not.toBe(second?.get(name))
      }
    })

    it('still asks for the second factor', async () => {
      const installed = await setup()
      const { walk, call } = installed
      const { switchOn, post, code } = twoSteps(installed)
      const owner = new Map<string, string>()
      await walk(ada, { jar: owner })
      const { secret } = await switchOn(owner)
      const jar = new Map<string, string>()
      expect(leadsTo(await walk(ada, { jar, body: { next: '/queue?a=b' } }))).toBe(
        '/sign-in/second-factor?next=%2Fqueue%3Fa%3Db',
      )
      expect(jar.has('levqor_session')).toBe(false)
      expect((await call('GET', '/api/auth/me', { jar })).status).toBe(401)
      expect((await post('second-factor', { code: code(secret) }, jar)).status).toBe(200)
      expect((await call('GET', '/api/auth/me', { jar })).body.user.email).toBe('ada@example.com')
    })

    it('another address at the provider is still the same account, whose own address stays', async () => {
      const { walk, rows, count } = await setup()
      await walk(ada)
      const accounts = await count('users')
      expect(leadsTo(await walk({ ...ada, email: 'lovelace@example.com' }))).toBe('/')
      expect(await count('users')).toBe(accounts)
      expect(await rows("SELECT email FROM users WHERE email = 'ada@example.com'")).toHaveLength(1)
      expect(await rows('SELECT email FROM external_identities')).toEqual([{ email: 'lovelace@example.com' }])
    })

    it('what goes wrong keeps where the person wanted to be', async () => {
      const { walk } = await setup()
      const asked = { body: { next: '/jobs?status=failed' } }
      expect(leadsTo(await walk('declines', asked))).toBe(
        `/sign-in?problem=provider_declined&next=${encodeURIComponent('/jobs?status=failed')}`,
      )
      expect(leadsTo(await walk('declines'))).toBe('/sign-in?problem=provider_declined')
    })

    it('a provider that tells the address apart from the token is asked for it', async () => {
      const { walk, call } = await setup({
        claimsIn: 'userinfo',
        providers: (provider) => [oidcAt(provider)],
      })
      const jar = new Map<string, string>()
      expect(leadsTo(await walk(ada, { jar, id: 'oidc' }))).toBe('/')
      const { body } = await call('GET', '/api/auth/sessions', { jar })
      expect(body.items).toMatchObject([{ method: 'oidc' }])
    })

    it('where only invited people may register, an invitation lets them in and nothing else does', async () => {
      const { walk, people } = await setup({ policy: { registration: 'invited' } })
      expect(leadsTo(await walk(ada))).toBe('/sign-in?problem=provider_not_invited')
      const invited = await people.owner.call('POST', `/api/v1/workspaces/${people.ws}/invitations`, {
        email: 'ada@example.com',
        role: 'member',
      })
      expect(invited.status).toBe(201)
      expect(leadsTo(await walk(ada))).toBe('/')
    })
  })

  describe('Microsoft', () => {
    const person = (tid: string) => ({ ...ada, email_verified: true, tid })

    it('for all directories takes the issuer of the token’s own, and an address only with xms_edov', async () => {
      const { walk, provider, rows } = await setup({
        shape: 'microsoft',
        providers: (at) => [microsoftAt(at, 'common')],
      })
      const { tenant } = provider
      expect(leadsTo(await walk(person(tenant)))).toBe('/sign-in?problem=provider_email_unverified')
      for (const xms_edov of ['true', 1, false]) {
        expect(leadsTo(await walk({ ...person(tenant), xms_edov }))).toBe(
          '/sign-in?problem=provider_email_unverified',
        )
      }
      expect(leadsTo(await walk({ ...person(tenant), xms_edov: true }))).toBe('/')
      expect(await rows('SELECT provider, issuer FROM external_identities')).toEqual([
        { provider: 'microsoft', issuer: `${provider.url}/${tenant}/v2.0` },
      ])
    })

    it('for one directory takes its issuer and no other', async () => {
      const { walk, provider } = await setup({
        shape: 'microsoft',
        providers: (at) => [microsoftAt(at, at.tenant)],
      })
      const member = { ...person(provider.tenant), xms_edov: true }
      expect(leadsTo(await walk(member))).toBe('/')
      provider.tampering.idToken = ({ header, claims }) => ({
        header,
        claims: {
          ...claims,
          iss: `${provider.url}/11111111-1111-1111-1111-111111111111/v2.0`,
          tid: '11111111-1111-1111-1111-111111111111',
        },
      })
      expect(leadsTo(await walk(member))).toBe('/sign-in?problem=provider_answer_refused')
    })
  })

  describe('linking', () => {
    it('only to an account whose own mailbox has answered', async () => {
      const { people, call, database } = await setup()
      const bob = await people.person('bob@example.com', 'member')
      await asSystem(database).transaction((tx) =>
        tx.run('UPDATE users SET email_verified_at = NULL WHERE id = $1', [bob.id]),
      )
      const asked = await call('POST', '/api/auth/oauth/google/start', {
        jar: new Map(bob.jar),
        body: { link: true },
      })
      expect(asked).toMatchObject({ status: 403, body: { code: 'email_unverified' } })
    })

    it('from a session that was proven a moment ago; then it signs in, and its owner is mailed', async () => {
      const { walk, people, call, audited } = await setup()
      const bob = await people.person('bob@example.com', 'member')
      const jar = new Map(bob.jar)
      expect(leadsTo(await walk(ada, { jar, body: { link: true } }))).toBe('/account?linked=google')
      const { items } = (await call('GET', '/api/auth/identities', { jar })).body
      expect(items).toMatchObject([
        { provider: { id: 'google', name: 'Google' }, email: 'ada@example.com', last_used_at: null },
      ])
      expect(await audited('identity.linked')).toHaveLength(1)
      const [mail] = await people.mails('bob@example.com')
      expect(mail?.subject).toBe('Google was linked to your account at Levqor')
      expect(mail?.body_html).toContain('Google')

      const other = new Map<string, string>()
      expect(leadsTo(await walk(ada, { jar: other }))).toBe('/')
      expect((await call('GET', '/api/auth/me', { jar: other })).body.user.email).toBe('bob@example.com')
      // Once more is no change and no second mail.
      expect(leadsTo(await walk(ada, { jar, body: { link: true } }))).toBe('/account?linked=google')
      expect(await people.mails('bob@example.com')).toHaveLength(1)
    })

    it('is undone with a mail; the identity signs nobody in any more', async () => {
      const { walk, people, call, audited } = await setup({ policy: { registration: 'invited' } })
      const bob = await people.person('bob@example.com', 'member')
      const jar = new Map(bob.jar)
      await walk(ada, { jar, body: { link: true } })
      const [identity] = (await call('GET', '/api/auth/identities', { jar })).body.items
      expect((await call('DELETE', `/api/auth/identities/${identity.id}`, { jar })).status).toBe(204)
      expect((await call('GET', '/api/auth/identities', { jar })).body.items).toEqual([])
      expect(await audited('identity.unlinked')).toHaveLength(1)
      expect((await people.mails('bob@example.com')).map(({ subject }) => subject)).toContain(
        'Google was removed from your account at Levqor',
      )
      expect(leadsTo(await walk(ada))).toBe('/sign-in?problem=provider_not_invited')
      expect((await call('DELETE', `/api/auth/identities/${identity.id}`, { jar })).status).toBe(404)
    })

    it('the only way in cannot be taken away: not without a confirmed address, password, passkey or another identity', async () => {
      const { walk, people, call, database } = await setup()
      const bob = await people.person('bob@example.com', 'member')
      const jar = new Map(bob.jar)
      const confirmed = (at: number | null) =>
        asSystem(database).transaction((tx) =>
          tx.run('UPDATE users SET email_verified_at = $1 WHERE id = $2', [at, bob.id]),
        )
      await walk(ada, { jar, body: { link: true } })
      await confirmed(null)
      const identities = async () => (await call('GET', '/api/auth/identities', { jar })).body.items
      const [first] = await identities()
      const remove = (id: string) => call('DELETE', `/api/auth/identities/${id}`, { jar })
      expect(await remove(first.id)).toMatchObject({ status: 409, body: { code: 'identity_last_way' } })
      await confirmed(1)
      await walk({ ...ada, sub: 'second' }, { jar, body: { link: true } })
      await confirmed(null)
      const both = await identities()
      expect(both).toHaveLength(2)
      // Each is the other's other way; at once, one of them must stay.
      const answers = await Promise.all(both.map(({ id }: { id: string }) => remove(id)))
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 409])
      expect(await identities()).toHaveLength(1)
    })
  })

  describe('a provider that is away', () => {
    it('keeps nobody from starting, is a clear answer, and is asked again', async () => {
      const { start, walk, provider } = await setup({
        policy: { providerTimeoutMs: 300, registration: 'open' },
      })
      provider.tampering.answer = (_, response) => Boolean(response.writeHead(500).end('<h1>oops</h1>'))
      expect(await start(new Map())).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } })
      // Silence.
      provider.tampering.answer = () => true
      expect(await start(new Map())).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } })
      delete provider.tampering.answer
      expect(leadsTo(await walk(ada))).toBe('/')
    })

    it('on the way back leads to a page that says so', async () => {
      const { walk, provider, causes } = await setup({ policy: { providerTimeoutMs: 300 } })
      provider.tampering.answer = (path) => path.endsWith('/token')
      expect(leadsTo(await walk(ada))).toBe('/sign-in?problem=provider_unavailable')
      provider.tampering.answer = (path, response) =>
        path.endsWith('/token') && Boolean(response.writeHead(200, { 'content-type': 'text/html' }).end('x'))
      expect(leadsTo(await walk(ada))).toBe('/sign-in?problem=provider_unavailable')
      expect(await causes(2)).toEqual(['timeout', 'http'])
    })

    it('is asked about itself once, however many set out together', async () => {
      const { start, provider } = await setup()
      const answers = await Promise.all(Array.from({ length: 5 }, () => start(new Map())))
      expect(answers.every(({ status }) => status === 200)).toBe(true)
      expect(provider.hits).toEqual(['/.well-known/openid-configuration'])
    })
  })

  it('the sign-in page is told what it may offer, whoever asks', async () => {
    const { call } = await setup({ policy: { registration: 'invited', mail: 'outbox' } })
    const { status, body } = await call('GET', '/api/auth/methods')
    expect(status).toBe(200)
    expect(body).toEqual({
      magic_link: true,
      password: true,
      passkey: true,
      providers: [{ id: 'google', name: 'Google' }],
      registration: 'invited',
      mail: 'outbox',
    })
    expect((await call('POST', '/api/auth/oauth/oidc/start', { body: {} })).body.code).toBe(
      'provider_unknown',
    )
    expect((await call('POST', '/api/auth/oauth/facebook/start', { body: {} })).status).toBe(404)
  })
})
