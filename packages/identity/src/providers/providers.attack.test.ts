// Answers that were made up, replayed, mixed up or meant for somebody else, against a real provider behind a proxy that
// lies. Whatever is refused leads to a page, signs nobody in and makes nothing.
import { generateKeyPairSync } from 'node:crypto'
import { asSystem } from '@levqor/database/system'
import { eachStore, type TestOidcProvider } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import {
  ada,
  googleAt,
  leadsTo,
  microsoftAt,
  oidcAt,
  type ProviderInstallation,
  type ProviderSetup,
  providerInstallation,
} from './test-providers.ts'

type Tamper = TestOidcProvider['tampering']
type IdTokenChange = NonNullable<Tamper['idToken']>

const refused = '/sign-in?problem=provider_answer_refused'
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const now = () => Math.floor(Date.now() / 1000)

const claim =
  (name: string, value: unknown): IdTokenChange =>
  ({ header, claims }) => ({ header, claims: { ...claims, [name]: value } })
const inHeader =
  (name: string, value: unknown): IdTokenChange =>
  ({ header, claims }) => ({ header: { ...header, [name]: value }, claims })

/** What the provider says, and the cause that operators read. */
const lies: readonly (readonly [name: string, cause: string, tamper: Tamper])[] = [
  ['another issuer', 'claim_iss', { idToken: claim('iss', 'https://accounts.google.com') }],
  [
    'the issuer with a slash',
    'claim_iss',
    { idToken: (token) => claim('iss', `${token.claims.iss}/`)(token) },
  ],
  ['another nonce', 'claim_nonce', { idToken: claim('nonce', 'of-somebody-else') }],
  ['no nonce', 'answer', { idToken: claim('nonce', undefined) }],
  ['another audience', 'claim_aud', { idToken: claim('aud', 'another-client') }],
  [
    'two audiences, and the other is the one it was made for',
    'claim_azp',
    { idToken: ({ header, claims }) => ({ header, claims: { ...claims, aud: ['levqor', 'b'], azp: 'b' } }) },
  ],
  ['an expired token', 'expired', { idToken: (token) => claim('exp', now() - 120)(token) }],
  ['a token of tomorrow', 'expired', { idToken: (token) => claim('nbf', now() + 86_400)(token) }],
  ['a stranger’s signature', 'signature', { idToken: (token) => ({ ...token, key: stranger }) }],
  ['no signature at all (alg none)', 'algorithm', { idToken: (token) => ({ ...token, key: null }) }],
  ['a shared-secret algorithm', 'algorithm', { idToken: inHeader('alg', 'HS256') }],
  ['a key of another name', 'key', { idToken: inHeader('kid', 'unknown') }],
  ['the name of another key of the same set', 'signature', { idToken: inHeader('kid', 'second') }],
  ['no key name, with several keys', 'key', { idToken: inHeader('kid', undefined) }],
  ['an empty key name', 'key', { idToken: inHeader('kid', '') }],
  ['no subject', 'answer', { idToken: claim('sub', undefined) }],
  ['a subject that no account has', 'claim_sub', { idToken: claim('sub', 'x'.repeat(256)) }],
  ['a subject with a NUL', 'claim_sub', { idToken: claim('sub', 'a\0b') }],
]

eachStore((store) => {
  let installation: ProviderInstallation
  afterEach(() => installation.stop())
  const setup = async (options?: ProviderSetup) => {
    installation = await providerInstallation(store, options)
    return installation
  }
  /** Nobody came in and nothing was made. */
  const expectNothing = async () => {
    expect(await installation.count('users')).toBe(1)
    expect(await installation.count('external_identities')).toBe(0)
    expect(await installation.rows("SELECT id FROM sessions WHERE method <> 'magic-link'")).toEqual([])
  }

  it('a token that lies is refused, whatever it lies about, and operators read about what', async () => {
    const { walk, provider, causes } = await setup()
    const wrong: string[] = []
    for (const [name, , tamper] of lies) {
      Object.assign(provider.tampering, tamper)
      const jar = new Map<string, string>()
      const page = leadsTo(await walk(ada, { jar }))
      if (page !== refused || jar.has('levqor_session')) wrong.push(`${name}: ${page}`)
    }
    expect(wrong).toEqual([])
    const told = await causes(lies.length)
    expect(lies.map(([name], position) => [name, told[position]])).toEqual(
      lies.map(([name, cause]) => [name, cause]),
    )
    await expectNothing()
  })

  it('a token that does not name its key is refused, also where there is but one key', async () => {
    const { walk, provider, causes } = await setup()
    Object.assign(provider.tampering, { jwks: (keys: readonly object[]) => keys.slice(0, 1) })
    provider.tampering.idToken = inHeader('kid', undefined)
    expect(leadsTo(await walk(ada))).toBe(refused)
    expect(await causes(1)).toEqual(['key_unnamed'])
    await expectNothing()
    // The very same, with its name.
    delete provider.tampering.idToken
    expect(leadsTo(await walk(ada))).toBe('/')
  })

  it('a provider that describes itself as another, or sends people and secrets elsewhere, is not asked', async () => {
    const { start, provider } = await setup()
    const metadata: readonly Readonly<Record<string, unknown>>[] = [
      { issuer: 'https://accounts.google.com' },
      { issuer: `${provider.url}/` },
      { authorization_endpoint: 'javascript:alert(1)' },
      { token_endpoint: 'http://evil.example/token' },
      { jwks_uri: 'http://evil.example/jwks' },
      { jwks_uri: undefined },
    ]
    for (const change of metadata) {
      provider.tampering.metadata = (own) => ({ ...own, ...change })
      const { status, body } = await start(new Map())
      expect([status, body.code], JSON.stringify(change)).toEqual([503, 'provider_unavailable'])
    }
    provider.tampering.answer = (_, response) => Boolean(response.writeHead(302, { location: '/x' }).end())
    expect((await start(new Map())).status).toBe(503)
    provider.tampering.answer = (_, response) =>
      Boolean(response.writeHead(200, { 'content-type': 'application/json' }).end(' '.repeat(600_000)))
    expect((await start(new Map())).status).toBe(503)
    expect(new Set(provider.hits)).toEqual(new Set(['/.well-known/openid-configuration']))
  })

  describe('the way back', () => {
    const setOut = async () => {
      const jar = new Map<string, string>()
      const { body } = await installation.start(jar)
      return { jar, back: await installation.provider.authorize(body.authorization_url, ada) }
    }
    const changed = (address: URL, change: Readonly<Record<string, string | undefined>>) => {
      const copy = new URL(address)
      for (const [name, value] of Object.entries(change)) {
        if (value === undefined) copy.searchParams.delete(name)
        else copy.searchParams.set(name, value)
      }
      return copy
    }

    it('with another state, or none, is refused', async () => {
      const { comeBack, causes } = await setup()
      const { jar, back } = await setOut()
      for (const state of [undefined, '', 'x', 'x'.repeat(43), `${back.searchParams.get('state')}x`]) {
        expect(leadsTo(await comeBack(changed(back, { state }), jar))).toBe(
          '/sign-in?problem=provider_attempt_unknown',
        )
      }
      // Equal events of one address in one second are told together from the fourth on.
      expect(await causes(3)).toEqual(['state', 'state', 'state'])
      await expectNothing()
      // None of them ended the attempt.
      expect(leadsTo(await comeBack(back, jar))).toBe('/')
    })

    it('in another browser, or without its cookie, is refused and ends nothing', async () => {
      const { comeBack, causes } = await setup()
      const { jar, back } = await setOut()
      const other = await setOut()
      for (const foreign of [new Map(), new Map(other.jar), new Map([['levqor_provider', 'x'.repeat(43)]])]) {
        expect(leadsTo(await comeBack(back, foreign))).toBe('/sign-in?problem=provider_other_browser')
        expect(foreign.has('levqor_session')).toBe(false)
      }
      expect(await causes(3)).toEqual(['browser', 'browser', 'browser'])
      await expectNothing()
      expect(leadsTo(await comeBack(back, jar))).toBe('/')
    })

    it('works once: neither state nor code are taken again', async () => {
      const { comeBack, causes, count } = await setup()
      const { jar, back } = await setOut()
      const cookie = new Map(jar)
      expect(leadsTo(await comeBack(back, jar))).toBe('/')
      expect(leadsTo(await comeBack(back, new Map(cookie)))).toBe('/sign-in?problem=provider_attempt_used')
      // The code under a state that is fresh: the provider knows it was redeemed, and for another verifier.
      const next = await setOut()
      const replayed = changed(next.back, { code: back.searchParams.get('code') ?? '' })
      expect(leadsTo(await comeBack(replayed, next.jar))).toBe(refused)
      // And this state is used up by that.
      expect(leadsTo(await comeBack(next.back, next.jar))).toBe('/sign-in?problem=provider_attempt_used')
      expect(await causes(3)).toEqual(['state_used', 'code', 'state_used'])
      expect(await count('users')).toBe(2)
    })

    it('somebody else’s code does not fit what this browser set out with', async () => {
      const { comeBack, causes } = await setup()
      const mine = await setOut()
      const theirs = await setOut()
      const injected = changed(mine.back, { code: theirs.back.searchParams.get('code') ?? '' })
      expect(leadsTo(await comeBack(injected, mine.jar))).toBe(refused)
      expect(await causes(1)).toEqual(['code'])
      await expectNothing()
    })

    it('after ten minutes is over', async () => {
      const { comeBack, clock, causes } = await setup()
      const { jar, back } = await setOut()
      clock.advance(10 * 60_000)
      expect(leadsTo(await comeBack(back, jar))).toBe('/sign-in?problem=provider_attempt_expired')
      expect(await causes(1)).toEqual(['state_expired'])
      await expectNothing()
    })

    it('100 at once with one state make one account and one session', async () => {
      const { comeBack, count, rows } = await setup()
      const { jar, back } = await setOut()
      const pages = await Promise.all(
        Array.from({ length: 100 }, async () => leadsTo(await comeBack(back, new Map(jar)))),
      )
      expect(pages.filter((page) => page === '/')).toHaveLength(1)
      expect(pages.filter((page) => page === '/sign-in?problem=provider_attempt_used')).toHaveLength(99)
      expect(await count('users')).toBe(2)
      expect(await rows("SELECT id FROM sessions WHERE method = 'google'")).toHaveLength(1)
    })

    it('first visits of one person at once make one account', async () => {
      const { comeBack, count } = await setup()
      const ways = await Promise.all(Array.from({ length: 8 }, () => setOut()))
      const pages = await Promise.all(ways.map(async ({ jar, back }) => leadsTo(await comeBack(back, jar))))
      expect(pages).toEqual(ways.map(() => '/'))
      expect([await count('users'), await count('external_identities')]).toEqual([2, 1])
    })

    it('from one provider at the address of another is refused (mix-up), and so is another issuer in the answer', async () => {
      const { start, comeBack, provider, causes } = await setup({
        providers: (at) => [googleAt(at), oidcAt(at)],
      })
      const jar = new Map<string, string>()
      const { body } = await start(jar, {}, 'google')
      const back = await provider.authorize(body.authorization_url, ada)
      expect(leadsTo(await comeBack(back, jar, 'oidc'))).toBe('/sign-in?problem=provider_attempt_unknown')
      // It ended the attempt: whoever mixes answers up gets no second try with them.
      expect(leadsTo(await comeBack(back, jar, 'google'))).toBe('/sign-in?problem=provider_attempt_used')
      for (const iss of ['https://evil.example', undefined]) {
        const mine = await setOut()
        expect(leadsTo(await comeBack(changed(mine.back, { iss }), mine.jar))).toBe(refused)
      }
      expect(await causes(4)).toEqual(['mix_up', 'state_used', 'iss_parameter', 'iss_parameter'])
      expect(leadsTo(await comeBack(back, jar, 'facebook'))).toBe('/sign-in?problem=not_found')
      expect(leadsTo(await comeBack(back, jar, 'microsoft'))).toBe(
        '/sign-in?problem=provider_attempt_unknown',
      )
      await expectNothing()
    })

    it('with an error leads to a page in our words, and repeats none of the provider’s', async () => {
      const { walk, start, comeBack, causes } = await setup()
      const declined = await walk('declines')
      expect(leadsTo(declined)).toBe('/sign-in?problem=provider_declined')
      const jar = new Map<string, string>()
      const { body } = await start(jar)
      const state = new URL(body.authorization_url).searchParams.get('state') ?? ''
      const answer = new URL(
        `http://x/?${new URLSearchParams({ state, error: '<script>alert(1)</script>', error_description: '<b>evil</b>', iss: installation.provider.url })}`,
      )
      const odd = await comeBack(answer, jar)
      expect(leadsTo(odd)).toBe('/sign-in?problem=provider_unavailable')
      expect(JSON.stringify([...odd.headers, odd.body ?? ''])).not.toMatch(/script|evil/)
      expect(await causes(2)).toEqual(['declined', 'provider_error'])
    })

    it('never shows a document to a person: not for parameters twice, too long or unknown', async () => {
      const { call } = await setup()
      for (const query of [
        '',
        '?state=a&state=b',
        `?code=${'x'.repeat(5_000)}`,
        '?state[]=1',
        '?state=%00&code=%00',
      ]) {
        const answer = await call('GET', `/api/auth/oauth/google/callback${query}`)
        expect(leadsTo(answer), query.slice(0, 20)).toMatch(/^\/sign-in\?problem=[a-z_]+$/)
        expect(answer.body).toBeUndefined()
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
      }
    })
  })

  describe('whose account', () => {
    it('an address that the provider has not verified makes none', async () => {
      const { walk, causes } = await setup()
      const unverified = [false, undefined, 'true', 1].map((email_verified) => ({
        ...ada,
        email_verified: email_verified as boolean,
      }))
      for (const person of unverified) {
        expect(leadsTo(await walk(person))).toBe('/sign-in?problem=provider_email_unverified')
      }
      const { email: _, ...nameless } = ada
      expect(leadsTo(await walk(nameless))).toBe('/sign-in?problem=provider_email_unverified')
      expect(leadsTo(await walk({ ...ada, email: 'not an address' }))).toBe(
        '/sign-in?problem=provider_email_unverified',
      )
      // Three, and what follows as a number: a flood of one address is merged.
      expect(new Set(await causes(3))).toEqual(new Set(['email_unverified']))
      await expectNothing()
    })

    it('the address of an account opens it to nobody: not at another provider, not with another subject, in no spelling', async () => {
      const { walk, people, causes, count } = await setup()
      await people.person('victim@example.com', 'admin')
      for (const email of ['victim@example.com', 'VICTIM@Example.COM', 'admin@example.com']) {
        const jar = new Map<string, string>()
        expect(leadsTo(await walk({ ...ada, email }, { jar }))).toBe(
          '/sign-in?problem=provider_account_exists',
        )
        expect(jar.has('levqor_session')).toBe(false)
      }
      expect(leadsTo(await walk(ada))).toBe('/')
      expect(leadsTo(await walk({ ...ada, sub: 'reassigned' }))).toBe(
        '/sign-in?problem=provider_account_exists',
      )
      expect(await causes(4)).toEqual(Array(4).fill('account_exists'))
      expect(await count('external_identities')).toBe(1)
    })

    it('one subject at two issuers is two people', async () => {
      const { start, comeBack, provider, rows } = await setup({
        shape: 'microsoft',
        providers: (at) => [microsoftAt(at, 'common')],
      })
      // Microsoft does not name the issuer in its answers.
      provider.tampering.metadata = ({ authorization_response_iss_parameter_supported: _, ...own }) => own
      const visit = async () => {
        const jar = new Map<string, string>()
        const { body } = await start(jar)
        const person = { ...ada, tid: provider.tenant, xms_edov: true }
        const back = await provider.authorize(body.authorization_url, person)
        back.searchParams.delete('iss')
        return leadsTo(await comeBack(back, jar))
      }
      expect(await visit()).toBe('/')
      const tid = '11111111-1111-1111-1111-111111111111'
      provider.tampering.idToken = ({ header, claims }) => ({
        header,
        claims: { ...claims, tid, iss: `${provider.url}/${tid}/v2.0`, email: 'other@example.com' },
      })
      expect(await visit()).toBe('/')
      const identities = await rows<{ user_id: string; subject: string }>('SELECT * FROM external_identities')
      expect(identities.map(({ subject }) => subject)).toEqual([ada.sub, ada.sub])
      expect(new Set(identities.map(({ user_id }) => user_id)).size).toBe(2)
    })

    it('a directory that is none, or another than the issuer’s, is refused', async () => {
      const { walk, provider, causes } = await setup({
        shape: 'microsoft',
        providers: (at) => [microsoftAt(at, 'common')],
      })
      const person = { ...ada, tid: provider.tenant, xms_edov: true }
      const changes: IdTokenChange[] = [
        claim('tid', undefined),
        claim('tid', '../evil'),
        claim('tid', 'evil.example/x?'),
        claim('iss', `${provider.url}/{tenantid}/v2.0`),
        claim('iss', `${provider.url}/11111111-1111-1111-1111-111111111111/v2.0`),
        (token) => ({ ...token, key: stranger }),
      ]
      for (const change of changes) {
        provider.tampering.idToken = change
        expect(leadsTo(await walk(person))).toBe(refused)
      }
      expect(await causes(6)).toEqual([
        'claim_tid',
        'claim_tid',
        'claim_tid',
        'claim_iss',
        'claim_iss',
        'signature',
      ])
      await expectNothing()
    })

    it('a closed account stays closed', async () => {
      const { walk, database, rows } = await setup()
      await walk(ada)
      await asSystem(database).transaction((tx) =>
        tx.run("UPDATE users SET status = 'disabled' WHERE email = 'ada@example.com'"),
      )
      expect(leadsTo(await walk(ada))).toBe('/sign-in?problem=provider_account_closed')
      expect(await rows("SELECT id FROM sessions WHERE method = 'google'")).toHaveLength(1)
    })
  })

  describe('linking', () => {
    it('needs a session, and one that was proven a moment ago', async () => {
      const { start, people, clock } = await setup()
      const bob = await people.person('bob@example.com', 'member')
      expect((await start(new Map(), { link: true })).body.code).toBe('credential_missing')
      const forged = new Map([['levqor_session', 'x'.repeat(43)]])
      expect((await start(forged, { link: true })).body.code).toBe('credential_invalid')
      clock.advance(15 * 60_000 + 1)
      expect(await start(new Map(bob.jar), { link: true })).toMatchObject({
        status: 403,
        body: { code: 'proof_required' },
      })
    })

    it('ends with the session that began it: nobody else’s gets the identity', async () => {
      const { start, comeBack, provider, people, call, causes } = await setup()
      const bob = await people.person('bob@example.com', 'member')
      const eve = await people.person('eve@example.com', 'member')
      const begun = async () => {
        const jar = new Map(bob.jar)
        const { body } = await start(jar, { link: true })
        return { jar, back: await provider.authorize(body.authorization_url, ada) }
      }
      const first = await begun()
      for (const [name, value] of eve.jar) first.jar.set(name, value)
      expect(leadsTo(await comeBack(first.back, first.jar))).toBe('/account?problem=provider_session_ended')
      const second = await begun()
      second.jar.delete('levqor_session')
      expect(leadsTo(await comeBack(second.back, second.jar))).toBe('/account?problem=provider_session_ended')
      const third = await begun()
      await call('POST', '/api/auth/logout', { jar: new Map(third.jar) })
      expect(leadsTo(await comeBack(third.back, third.jar))).toBe('/account?problem=provider_session_ended')
      expect(await causes(3)).toEqual(['session', 'session', 'session'])
      await expectNoIdentity()
    })

    it('takes no identity that somebody has already', async () => {
      const { walk, people, call, causes } = await setup()
      await walk(ada)
      const bob = await people.person('bob@example.com', 'member')
      const jar = new Map(bob.jar)
      expect(leadsTo(await walk(ada, { jar, body: { link: true } }))).toBe('/account?problem=identity_taken')
      expect((await call('GET', '/api/auth/identities', { jar })).body.items).toEqual([])
      expect(await causes(1)).toEqual(['identity_taken'])
    })

    it('and unlinking need a proof, and reach nobody else’s', async () => {
      const { walk, people, call, clock } = await setup()
      const bob = await people.person('bob@example.com', 'member')
      const eve = await people.person('eve@example.com', 'member')
      const jar = new Map(bob.jar)
      await walk(ada, { jar, body: { link: true } })
      const [identity] = (await call('GET', '/api/auth/identities', { jar })).body.items
      expect((await eve.call('DELETE', `/api/auth/identities/${identity.id}`)).status).toBe(404)
      expect((await eve.call('GET', '/api/auth/identities')).body.items).toEqual([])
      clock.advance(15 * 60_000 + 1)
      const late = await call('DELETE', `/api/auth/identities/${identity.id}`, { jar })
      expect(late).toMatchObject({ status: 403, body: { code: 'proof_required' } })
    })

    const expectNoIdentity = async () => expect(await installation.count('external_identities')).toBe(0)
  })

  it('leads nowhere but to a path of this origin afterwards', async () => {
    const { start, walk } = await setup()
    const hostile = [
      '//evil.example',
      '/\\evil.example',
      '\\evil.example',
      'https://evil.example',
      'https:evil.example',
      'javascript:alert(1)',
      '/%2f/evil.example',
      '/%5Cevil.example',
      '/\t/evil.example',
      '/.//evil.example',
      'evil.example',
      '',
    ]
    for (const next of hostile) {
      expect((await start(new Map(), { next })).status, JSON.stringify(next)).toBe(400)
    }
    expect(leadsTo(await walk(ada, { body: { next: '/jobs/ü?q=ö#x y' } }))).toBe(
      '/jobs/%C3%BC?q=%C3%B6#x%20y',
    )
  })

  it('no secret of the way stands in logs, events or the audit log', async () => {
    const { walk, start, provider, comeBack, logLines, events, rows } = await setup()
    const jar = new Map<string, string>()
    const { body } = await start(jar)
    const cookie = jar.get('levqor_provider') ?? ''
    const back = await provider.authorize(body.authorization_url, ada)
    await comeBack(back, jar)
    provider.tampering.idToken = claim('nonce', 'x')
    await walk(ada)
    const written = JSON.stringify([logLines, events, await rows('SELECT * FROM audit_log')])
    const { code, state } = Object.fromEntries(back.searchParams)
    for (const secret of [code, state, cookie, provider.clientSecret]) {
      expect(String(secret).length).toBeGreaterThan(20)
      expect(written).not.toContain(secret)
    }
    expect(JSON.stringify([logLines, events])).not.toContain('example.com')
  })
})
