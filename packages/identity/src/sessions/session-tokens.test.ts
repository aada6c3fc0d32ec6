// Sessions made of tokens, for programs and for browsers: what renewing does, what a thief gets, what never opens anything.
import { createHmac } from 'node:crypto'
import { asSystem } from '@levqor/database/system'
import { eachStore, until } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { type IdentityPolicy, identityPolicy } from '../identity-policy.ts'
import { type TestInstallation, testInstallation, tokenOf } from '../test-installation.ts'
import { testPeople } from '../workspaces/test-people.ts'

const me = '/api/auth/me'
const refresh = '/api/auth/refresh'
const person = { email: 'ada@example.com', password: 'correct horse battery staple' }
const bearer = { ...person, transport: 'bearer' }

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup(policy: Partial<IdentityPolicy> = {}) {
    installation = await testInstallation(store, { policy })
    const { call, rows } = installation
    const mails = () =>
      rows<{ subject: string; body_text: string }>('SELECT subject, body_text FROM mail_outbox')
    const registering = new Map<string, string>()
    await call('POST', '/api/auth/register', { body: person, jar: registering })
    await until(async () => (await mails()).length > 0, { what: 'the mail' })
    const token = tokenOf(/http:\S+/.exec((await mails())[0]?.body_text ?? '')?.[0] ?? '')
    await call('POST', '/api/auth/verify-email', { body: { token }, jar: registering })
    /** A program's sign-in. */
    const signIn = async () => (await call('POST', '/api/auth/login', { body: bearer })).body
    /** A browser's, in whichever style. */
    const browse = async () => {
      const jar = new Map<string, string>()
      await call('POST', '/api/auth/login', { body: person, jar })
      return jar
    }
    const renew = (refresh_token: string) => call('POST', refresh, { body: { refresh_token } })
    const who = async (key: string) => (await call('GET', me, { key, renew: false })).status
    const active = () => rows('SELECT id FROM sessions WHERE ended_at IS NULL')
    return { ...installation, signIn, browse, renew, who, mails, active }
  }

  /** The same claims and header, signed with another key or not at all. */
  function forge(token: string, header: object, key: string | undefined): string {
    const signed = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${token.split('.')[1]}`
    const signature = key === undefined ? '' : createHmac('sha256', key).update(signed).digest('base64url')
    return `${signed}.${signature}`
  }

  it('a program signs in with a password, gets tokens in the body and no cookies, and changes things without an origin', async () => {
    const { call, who } = await setup()
    const answer = await call('POST', '/api/auth/login', { body: bearer })
    expect(answer.body).toMatchObject({
      user: { email: person.email },
      token_type: 'Bearer',
      expires_in: identityPolicy.accessTokenMs / 1000,
    })
    expect(answer.headers.getSetCookie()).toEqual([])
    const key = answer.body.access_token
    expect(await who(key)).toBe(200)
    const named = await call('GET', '/api/auth/sessions', { key })
    expect(named.body.items).toMatchObject([{ current: true, method: 'password' }])
    const headers = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }
    // Cookies that come along make no difference: the token was put there on purpose.
    const jar = new Map([['other', 'x']])
    expect((await call('PATCH', '/api/auth/me', { key, jar, body: { name: 'Ada' }, headers })).status).toBe(
      200,
    )
  })

  it('signing out with a shown token leaves the browser’s own session and its cookies alone', async () => {
    const { call, signIn, browse, who } = await setup()
    const { access_token: key } = await signIn()
    const jar = await browse()
    const before = new Map(jar)
    const out = await call('POST', '/api/auth/logout', { key, jar })
    expect([out.status, out.headers.getSetCookie()]).toEqual([204, []])
    expect(await who(key)).toBe(401)
    expect((await call('GET', me, { jar: before })).status).toBe(200)
  })

  it('a mailed link gives a program tokens, too', async () => {
    const { call, firstRun } = await setup()
    const body = { token: tokenOf(firstRun.sign_in_link), transport: 'bearer' }
    const answer = await call('POST', '/api/auth/magic-link/verify', { body })
    expect(answer.body).toMatchObject({ operator: true, token_type: 'Bearer' })
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('an access token expires; its refresh token renews both until the session is as old as it may become', async () => {
    const { signIn, renew, who, clock, identity } = await setup()
    let { access_token: access, refresh_token } = await signIn()
    const started = clock.now()
    clock.advance(identityPolicy.accessTokenMs)
    expect(await who(access)).toBe(401)
    while (clock.now() - started < identityPolicy.sessionAbsoluteMs - 3 * identityPolicy.sessionIdleMs) {
      const { body } = await renew(refresh_token)
      expect([body.user.email, await who(body.access_token)]).toEqual([person.email, 200])
      ;({ access_token: access, refresh_token } = body)
      // Writes the last use down.
      await identity.stop()
      clock.advance(identityPolicy.sessionIdleMs - 1)
    }
    const last = (await renew(refresh_token)).body
    expect(last.session_expires_at).toBe(new Date(started + identityPolicy.sessionAbsoluteMs).toISOString())
    await identity.stop()
    clock.advance(identityPolicy.sessionIdleMs)
    expect(await renew(last.refresh_token)).toMatchObject({
      status: 401,
      body: { code: 'credential_invalid' },
    })
  })

  it('100 renewals at once over two processes are one family: nobody is signed out, no cookie is ended', async () => {
    const { browse, call, secondProcess, rows, clock, active } = await setup({ sessionStyle: 'token' })
    const second = await secondProcess()
    const jar = await browse()
    clock.advance(identityPolicy.accessTokenMs)
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        (i % 2 === 0 ? call : second.call)('POST', refresh, { jar: new Map(jar) }),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const cookies = answers.map(({ headers }) => headers.getSetCookie())
    expect(
      new Set(cookies.map((lines) => lines.find((line) => line.startsWith('levqor_refresh')))).size,
    ).toBe(1)
    expect(cookies.flat().filter((line) => /^levqor_(access|refresh)=;/.test(line))).toEqual([])
    expect(await rows('SELECT counter FROM refresh_families')).toEqual([{ counter: 2 }])
    expect(await active()).toHaveLength(1)
    // The slowest answer of all is what the browser keeps, and it goes on with it.
    const kept = new Map(
      (cookies.at(-1) ?? []).map((line) => (line.split(';')[0] ?? '').split('=') as [string, string]),
    )
    expect((await call('GET', me, { jar: kept })).status).toBe(200)
    expect((await second.call('POST', refresh, { jar: kept })).status).toBe(200)
  })

  it('a stolen refresh token that is shown later ends the session for both, tells the owner, and everybody else', async () => {
    const { signIn, renew, who, clock, mails, events, rows, active, secondProcess } = await setup()
    const second = await secondProcess()
    const stolen = (await signIn()).refresh_token
    const mine = (await renew(stolen)).body
    clock.advance(identityPolicy.refreshReuseMs + 1)
    const thief = await renew(stolen)
    expect(thief).toMatchObject({ status: 401, body: { code: 'credential_invalid' } })
    expect(await who(mine.access_token)).toBe(401)
    expect((await second.call('GET', me, { key: mine.access_token })).status).toBe(401)
    expect((await renew(mine.refresh_token)).status).toBe(401)
    expect(await active()).toEqual([])
    expect(await rows('SELECT ended_reason FROM sessions')).toEqual([
      { ended_reason: 'refresh-token-reused' },
    ])
    const told = (await mails()).filter(({ subject }) => subject.startsWith('We ended one of your sessions'))
    expect(told).toHaveLength(1)
    await until(() => events.some(({ event }) => event === 'token.reuse_detected'), { what: 'the event' })
    // However often: one mail.
    for (let i = 0; i < 3; i++) expect((await renew(stolen)).status).toBe(401)
    expect(await mails()).toHaveLength(2)
  })

  it('a family that a process ended before it could end the session ends the session all the same', async () => {
    const { signIn, who, database, clock } = await setup()
    const { access_token } = await signIn()
    expect(await who(access_token)).toBe(200)
    await asSystem(database).transaction((tx) =>
      tx.run(`UPDATE refresh_families SET ended_cause = 'reuse_detected'`),
    )
    clock.advance(identityPolicy.credentialCacheMs)
    expect(await who(access_token)).toBe(401)
  })

  it('an ended session is renewed by nobody: 401, its cookies are ended, and nobody is alarmed', async () => {
    const { browse, call, jarless, mails } = await setupEnded()
    const answer = await call('POST', refresh, { jar: new Map(browse) })
    expect(answer).toMatchObject({ status: 401, body: { code: 'credential_invalid' } })
    const ended = answer.headers.getSetCookie().filter((line) => line.includes('Max-Age=0'))
    expect(ended.map((line) => line.split('=')[0])).toEqual([
      'levqor_session',
      'levqor_access',
      'levqor_refresh',
    ])
    expect((await call('GET', me, { jar: new Map(browse), renew: false })).status).toBe(401)
    expect(jarless.status).toBe(401)
    expect(await mails()).toHaveLength(1)
  })

  async function setupEnded() {
    const parts = await setup({ sessionStyle: 'token' })
    const jar = await parts.browse()
    const copy = new Map(jar)
    await parts.call('POST', '/api/auth/logout', { jar })
    expect([...jar.keys()]).toEqual(['levqor_device'])
    const jarless = await parts.call('POST', refresh, {})
    return { ...parts, browse: copy, jarless }
  }

  it('a browser with an opaque session is told who it is and until when, and nothing is renewed', async () => {
    const { browse, call, rows } = await setup()
    const jar = await browse()
    const before = (await call('GET', me, { jar })).body
    const answer = await call('POST', refresh, { jar })
    expect(answer).toMatchObject({ status: 200, body: before })
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(await rows('SELECT id FROM refresh_families')).toEqual([])
    expect((await call('POST', refresh, {})).body.code).toBe('credential_missing')
  })

  it('what is not an access token of this installation, now, opens nothing', async () => {
    const { signIn, who, call } = await setup()
    const { access_token: good, refresh_token } = await signIn()
    const header = JSON.parse(Buffer.from(good.split('.')[0], 'base64url').toString())
    const foreign = await testInstallation(store, { url: 'http://other.test' })
    const { tokens } = foreign.identity.services.identity
    const claims = JSON.parse(Buffer.from(good.split('.')[1], 'base64url').toString())
    const elsewhere = await tokens.issueAccess({ sessionId: claims.sid, userId: claims.sub })
    await foreign.stop()
    const wrong = {
      'of another installation with the same keys': elsewhere,
      'of another key': forge(good, header, 'another key'),
      'alg none': forge(good, { ...header, alg: 'none' }, undefined),
      'alg None, signed': forge(good, { ...header, alg: 'None' }, 'x'),
      'another key id': forge(good, { ...header, kid: 'two' }, 'another key'),
      'a refresh token': refresh_token,
      'a refresh token among dots': `${refresh_token}.${refresh_token}.${refresh_token}`,
      'for another session': await installation.identity.services.identity.tokens.issueAccess({
        sessionId: installation.database.ids.next(),
        userId: claims.sub,
      }),
      'for another person': await installation.identity.services.identity.tokens.issueAccess({
        sessionId: claims.sid,
        userId: installation.database.ids.next(),
      }),
    }
    for (const [what, token] of Object.entries(wrong)) expect([what, await who(token)]).toEqual([what, 401])
    expect(await who(good)).toBe(200)
    // In the field for keys it is none.
    expect((await call('GET', me, { headers: { 'x-api-key': good } })).status).toBe(401)
  })

  it('an access token renews nothing, and a refresh token in any other place opens nothing', async () => {
    const { signIn, renew, call, browse, active } = await setup({ sessionStyle: 'token' })
    const { access_token, refresh_token } = await signIn()
    expect((await renew(access_token)).status).toBe(400)
    const jar = await browse()
    const onlyRefresh = new Map([['levqor_refresh', jar.get('levqor_refresh') ?? '']])
    for (const path of [me, '/api/auth/sessions', '/api/v1/api-keys']) {
      expect((await call('GET', path, { jar: onlyRefresh, renew: false })).status).toBe(401)
    }
    const swapped = new Map([
      ['levqor_access', refresh_token],
      ['levqor_session', jar.get('levqor_refresh') ?? ''],
    ])
    expect((await call('GET', me, { jar: swapped, renew: false })).status).toBe(401)
    const asRefresh = new Map([['levqor_refresh', jar.get('levqor_access') ?? '']])
    expect((await call('POST', refresh, { jar: asRefresh })).status).toBe(401)
    expect(await active()).toHaveLength(2)
  })

  it('signing in anew leaves nothing of an earlier opaque session in front of the tokens', async () => {
    const { call } = await setup({ sessionStyle: 'token' })
    const jar = new Map([['levqor_session', 'x'.repeat(43)]])
    await call('POST', '/api/auth/login', { body: person, jar })
    expect([...jar.keys()].sort()).toEqual(['levqor_access', 'levqor_device', 'levqor_refresh'])
    expect((await call('GET', me, { jar, renew: false })).status).toBe(200)
  })

  it('another site cannot renew a browser’s session', async () => {
    const { browse, call, rows } = await setup({ sessionStyle: 'token' })
    const jar = await browse()
    for (const headers of [{ origin: 'https://evil.test' }, { 'sec-fetch-site': 'cross-site' }]) {
      const answer = await call('POST', refresh, { jar: new Map(jar), headers })
      expect(answer).toMatchObject({ status: 403, body: { code: 'origin_denied' } })
    }
    expect(await rows('SELECT counter FROM refresh_families')).toEqual([{ counter: 1 }])
  })

  it('a shown access token wins over cookies, and is not rescued by them', async () => {
    const { signIn, browse, call, clock } = await setup({ sessionStyle: 'token' })
    const { access_token: key } = await signIn()
    const jar = await browse()
    const items = (await call('GET', '/api/auth/sessions', { key, jar })).body.items
    const mine = (await call('GET', '/api/auth/sessions', { key })).body.items
    expect(items).toEqual(mine)
    clock.advance(identityPolicy.accessTokenMs)
    expect((await call('GET', me, { key, jar, renew: false })).status).toBe(401)
  })

  it('a role that changes reaches a token’s session in every process, and signs nobody out', async () => {
    installation = await testInstallation(store, { policy: { sessionStyle: 'token' } })
    const { owner, person: add, ws } = await testPeople(installation)
    const ada = await add('ada@example.com', 'admin')
    const second = await installation.secondProcess()
    const before = new Map(ada.jar)
    expect(
      (await owner.call('PATCH', `/api/v1/workspaces/${ws}/members/${ada.publicId}`, { role: 'viewer' }))
        .status,
    ).toBe(200)
    for (const call of [installation.call, second.call]) {
      await until(
        async () => (await call('GET', me, { jar: before, renew: false })).body.workspace?.role === 'viewer',
        {
          what: 'the role to be known',
          timeoutMs: 1_500,
        },
      )
    }
    expect((await second.call('POST', refresh, { jar: before })).body.workspace.role).toBe('viewer')
  })

  it('while an operator acts for somebody nothing is renewed, and once their time is over they are not themselves again without a word', async () => {
    installation = await testInstallation(store, { policy: { sessionStyle: 'token' } })
    const { call, clock, rows } = installation
    const { owner, person: add } = await testPeople(installation)
    const ada = await add('ada@example.com')
    const jar = new Map(owner.jar)
    const body = { user_id: ada.publicId, reason: 'Ada asked why her jobs do not run.' }
    const started = await call('POST', '/api/admin/impersonate', { jar, body })
    expect(started.status).toBe(200)
    expect([...jar.keys()].sort()).toEqual(['levqor_operator', 'levqor_refresh', 'levqor_session'])
    expect((await call('POST', refresh, { jar })).body.user.email).toBe(ada.email)
    // What waits in the operator's cookie opens nothing.
    const waiting = new Map([['levqor_session', jar.get('levqor_operator') ?? '']])
    expect((await call('GET', me, { jar: waiting })).status).toBe(401)
    clock.advance(identityPolicy.impersonationMs)
    jar.delete('levqor_session')
    const over = await call('POST', refresh, { jar })
    expect(over).toMatchObject({ status: 403, body: { code: 'not_while_impersonating' } })
    expect(over.headers.getSetCookie()).toEqual([])
    expect(await rows('SELECT counter FROM refresh_families ORDER BY counter DESC')).toMatchObject([
      { counter: 1 },
      { counter: 1 },
    ])
    expect((await call('DELETE', '/api/admin/impersonate', { jar })).body).toEqual({ returned: true })
    expect((await call('GET', me, { jar, renew: false })).body.user.email).toBe(owner.email)
    expect((await call('POST', refresh, { jar })).status).toBe(200)
  })

  it('tokens stand in no row, log line, event or audit row', async () => {
    const { signIn, browse, renew, rows, logLines, events, clock } = await setup({ sessionStyle: 'token' })
    const first = await signIn()
    const jar = await browse()
    const next = (await renew(first.refresh_token)).body
    clock.advance(identityPolicy.refreshReuseMs + 1)
    await renew(first.refresh_token)
    await until(() => events.some(({ event }) => event === 'token.reuse_detected'), { what: 'the event' })
    const tables = [
      'sessions',
      'refresh_families',
      'revocations',
      'audit_log',
      'mail_outbox',
      'one_time_tokens',
    ]
    const stored = await Promise.all(tables.map((table) => rows(`SELECT * FROM ${table}`)))
    const everything = JSON.stringify([stored, logLines, events])
    const secrets = [
      ...[first, next].flatMap((tokens) => [tokens.access_token, tokens.refresh_token]),
      ...jar.values(),
    ]
    for (const secret of secrets) expect(everything).not.toContain(secret)
    expect(secrets).toHaveLength(7)
  })
})
