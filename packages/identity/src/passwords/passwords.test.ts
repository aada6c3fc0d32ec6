// Accounts with a password over HTTP: made, used, forgotten, attacked.
import { asSystem } from '@levqor/database/system'
import { until } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import type { IdentityPolicy } from '../identity-policy.ts'
import { eachSessionStyle } from '../sessions/test-session-styles.ts'
import { type TestInstallation, testInstallation, tokenOf } from '../test-installation.ts'

const minute = 60_000
const ada = { email: 'Ada@Example.com', password: 'correct horse battery staple' }
const word = { password: ada.password }

eachSessionStyle((store, style) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup(policy: Partial<IdentityPolicy> = {}) {
    installation = await testInstallation(store, { policy: { ...style.policy, ...policy } })
    const { call, rows } = installation
    const post = (path: string, body: object, jar = new Map<string, string>(), from = '198.51.100.1') =>
      call('POST', `/api/auth/${path}`, { body, jar, headers: { 'x-forwarded-for': from } })
    const mails = () =>
      rows<{ recipient: string; subject: string; body_text: string; body_html: string }>(
        'SELECT * FROM mail_outbox ORDER BY mail_id',
      )
    const mailAfter = async (act: () => Promise<unknown>) => {
      const before = (await mails()).length
      await act()
      await until(async () => (await mails()).length > before, { what: 'the mail' })
      const mail = (await mails()).at(-1)
      const link = /http:\S+/.exec(mail?.body_text ?? '')?.[0] ?? 'http://x/#'
      return { ...mail, link, token: tokenOf(link) }
    }
    const register = async (person = ada) => {
      const jar = new Map<string, string>()
      const { token } = await mailAfter(() => post('register', person, jar))
      return post('verify-email', { token }, jar)
    }
    const audit = async () =>
      (await rows<{ action: string }>('SELECT action FROM audit_log ORDER BY id')).map(({ action }) => action)
    return { ...installation, post, mails, mailAfter, register, audit }
  }

  describe('registering', () => {
    it('makes an account with a workspace once the mailbox has answered, and signing in works', async () => {
      const { post, mailAfter, rows, call, audit, events } = await setup()
      const home = new Map<string, string>()
      const asked = await mailAfter(async () =>
        expect(await post('register', { ...ada, name: 'Ada' }, home)).toMatchObject({
          status: 202,
          body: { status: 'sent' },
        }),
      )
      expect(asked).toMatchObject({
        recipient: 'ada@example.com',
        subject: 'Confirm your address for Levqor',
      })
      expect(asked.link).toMatch(/^http:\/\/levqor\.test\/verify#token=/)
      // Nothing exists yet, and the password opens nothing.
      expect(await rows("SELECT id FROM users WHERE email = 'ada@example.com'")).toEqual([])
      expect((await post('login', ada)).status).toBe(401)
      expect(await post('verify-email', { token: asked.token }, home)).toMatchObject({
        status: 200,
        body: { status: 'verified', email: 'ada@example.com' },
      })
      const jar = new Map<string, string>()
      const signedIn = await post('login', ada, jar)
      expect(signedIn).toMatchObject({
        status: 200,
        body: {
          user: { email: 'ada@example.com', name: 'Ada' },
          workspace: { name: 'Workspace of Ada', role: 'owner' },
          operator: false,
        },
      })
      expect((await call('GET', '/api/auth/me', { jar })).body).toEqual(signedIn.body)
      const [user] = await rows<Record<string, unknown>>(
        "SELECT * FROM users WHERE email = 'ada@example.com'",
      )
      expect(user).toMatchObject({
        email_verified_at: expect.any(Number),
        last_login_at: expect.any(Number),
        last_login_address: expect.stringMatching(/^address_/),
        last_login_device: expect.any(String),
        password_hash: expect.stringMatching(/^\$argon2id\$/),
      })
      const [session] = await rows<Record<string, unknown>>('SELECT * FROM sessions')
      expect(session).toMatchObject({ method: 'password', proven_at: expect.any(Number) })
      expect(await audit()).toEqual([
        'installation.provisioned',
        'registration.requested',
        'one_time_token.mailed',
        'user.created',
        'session.started',
      ])
      await until(() => events.some(({ event }) => event === 'auth.succeeded'), { what: 'the event' })
    })

    it('a known address gets the same answer, and a mail that changes nothing', async () => {
      const { post, mailAfter, register, rows } = await setup()
      await register()
      const mail = await mailAfter(async () => {
        const known = await post('register', { ...ada, password: 'another long password' })
        const unknown = await post('register', {
          email: 'bob@example.com',
          password: 'another long password',
        })
        expect([known.status, known.body]).toEqual([unknown.status, unknown.body])
      })
      await until(async () => (await rows('SELECT mail_id FROM mail_outbox')).length === 3, {
        what: 'both mails',
      })
      const texts = await rows<{ recipient: string; body_text: string }>('SELECT * FROM mail_outbox')
      const toAda = texts.filter(({ recipient }) => recipient === 'ada@example.com').at(-1)
      expect(toAda?.body_text).toContain('Nothing was changed')
      expect(toAda?.body_text).not.toContain('token=')
      expect(mail.subject).toBeDefined()
      expect((await post('login', ada)).status).toBe(200)
    })

    it('100 parallel confirmations of one mail make one account', async () => {
      const { post, mailAfter, rows } = await setup()
      const jar = new Map<string, string>()
      const { token } = await mailAfter(() => post('register', ada, jar))
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          // In the browser that asked, and in others.
          i % 2 ? post('verify-email', { token }, jar) : post('verify-email', { token, ...word }),
        ),
      )
      const statuses = answers.map(({ status }) => status)
      expect(statuses.filter((status) => status === 200)).toHaveLength(1)
      expect(new Set(statuses)).toEqual(new Set([200, 410]))
      expect(await rows("SELECT id FROM users WHERE email = 'ada@example.com'")).toHaveLength(1)
      expect(await rows('SELECT id FROM workspaces')).toHaveLength(2)
    })

    it('used, expired, made-up links each say so; five mails go to one address, not six', async () => {
      const { post, mailAfter, clock, mails } = await setup()
      const jar = new Map<string, string>()
      const { token } = await mailAfter(() => post('register', ada, jar))
      expect(await post('verify-email', { token: 'x'.repeat(43) })).toMatchObject({
        status: 400,
        body: { code: 'token_invalid' },
      })
      const late = await mailAfter(() => post('register', ada, jar))
      await post('verify-email', { token }, jar)
      expect((await post('verify-email', { token })).body.code).toBe('token_used')
      // The account was made with the other mail meanwhile.
      expect((await post('verify-email', { token: late.token }, jar)).body.code).toBe('token_used')
      const other = { email: 'bob@example.com', password: ada.password }
      const last = await mailAfter(() => post('register', other))
      clock.advance(24 * 60 * minute)
      expect((await post('verify-email', { token: last.token })).body.code).toBe('token_expired')
      for (let i = 0; i < 5; i++) await mailAfter(() => post('register', other))
      const before = (await mails()).length
      expect((await post('register', other)).status).toBe(202)
      await installation.identity.stop()
      expect((await mails()).length).toBe(before)
    })

    it('60 parallel registrations of one address send five mails', async () => {
      const { post, mails, rows } = await setup()
      const answers = await Promise.all(Array.from({ length: 60 }, () => post('register', ada)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
      await installation.identity.stop()
      expect(await rows('SELECT id FROM one_time_tokens')).toHaveLength(60)
      expect(await mails()).toHaveLength(5)
    })

    it('a weak password is refused with every problem, before anything is written', async () => {
      const { post, rows } = await setup()
      for (const [password, code] of [
        ['tiny one', 'password_too_short'],
        ['passwordpassword', 'password_common'],
        ['ada@example.com', 'password_guessable'],
        ['with a \u0000 inside it', 'password_characters'],
        ['x'.repeat(257), 'password_too_long'],
      ] as const) {
        const answer = await post('register', { email: ada.email, password })
        expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } })
        expect(JSON.stringify(answer.body.errors)).toContain(code)
        expect(JSON.stringify(answer.body)).not.toContain(password)
      }
      expect((await post('register', { email: ada.email, password: 'x'.repeat(1_001) })).status).toBe(400)
      expect(await rows('SELECT id FROM one_time_tokens')).toEqual([])
    })

    it('where only invited people may, everybody gets the same answer and only they a mail', async () => {
      const { post, mails, mailAfter, firstRun, call } = await setup({ registration: 'invited' })
      const stranger = await post('register', ada)
      await installation.identity.stop()
      expect(await mails()).toEqual([])
      const admin = new Map<string, string>()
      await call('POST', '/api/auth/magic-link/verify', {
        body: { token: tokenOf(firstRun.sign_in_link) },
        jar: admin,
      })
      const { id } = (await call('GET', '/api/auth/me', { jar: admin })).body.workspace
      await mailAfter(() =>
        call('POST', `/api/v1/workspaces/${id}/invitations`, {
          jar: admin,
          body: { email: ada.email, role: 'member' },
        }),
      )
      let invited: typeof stranger | undefined
      const mail = await mailAfter(async () => {
        invited = await post('register', ada)
      })
      expect([invited?.status, invited?.body]).toEqual([stranger.status, stranger.body])
      expect((await post('verify-email', { token: mail.token, ...word })).status).toBe(200)
      expect((await post('login', ada)).status).toBe(200)
    })
  })

  describe('the lockout', () => {
    it('wrong and unknown answer the same; the sixth failure is not looked at, known or not', async () => {
      const { post, register } = await setup()
      await register()
      for (const email of [ada.email, 'nobody@example.com']) {
        const answers = []
        for (let i = 0; i < 6; i++)
          answers.push(await post('login', { email, password: 'wrong wrong wrong' }))
        expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
          ...Array.from({ length: 5 }, () => [401, 'invalid_credentials']),
          [429, 'locked'],
        ])
        expect(Number(answers[5]?.headers.get('retry-after'))).toBeGreaterThan(14 * 60)
        const { instance: _, request_id: __, ...rest } = answers[0]?.body ?? {}
        expect(rest).toMatchObject({ status: 401, code: 'invalid_credentials' })
      }
      expect(await post('login', ada)).toMatchObject({ status: 429, body: { code: 'locked' } })
    })

    it('200 parallel wrong passwords: at most 5 are checked; afterwards the lock holds in a second process', async () => {
      const { post, register, secondProcess, identity } = await setup()
      await register()
      const { passwords } = identity.services.identity
      let checked = 0
      const { verify } = passwords
      Object.assign(passwords, {
        verify: (...asked: Parameters<typeof verify>) => {
          checked++
          return verify(...asked)
        },
      })
      const wrong = { email: ada.email, password: 'wrong wrong wrong' }
      const answers = await Promise.all(Array.from({ length: 200 }, () => post('login', wrong)))
      expect(checked).toBeLessThanOrEqual(5)
      expect(checked).toBeGreaterThan(0)
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]))
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(checked)
      const other = await secondProcess()
      expect((await other.call('POST', '/api/auth/login', { body: ada })).status).toBe(429)
    }, 60_000)

    it('200 parallel right passwords all pass', async () => {
      const { post, register } = await setup()
      await register()
      const answers = await Promise.all(Array.from({ length: 200 }, () => post('login', ada)))
      expect(
        answers.filter(({ status }) => status !== 200).map(({ status, body }) => [status, body.code]),
      ).toEqual([])
    }, 60_000)

    it('who has chosen a new password by mail is let in at once, however often strangers guessed the old one', async () => {
      const { post, register, mailAfter, events } = await setup()
      await register()
      for (let i = 0; i < 6; i++) {
        await post('login', { email: ada.email, password: 'wrong wrong wrong' }, new Map(), `203.0.113.${i}`)
      }
      expect((await post('login', ada)).status).toBe(429)
      const { token } = await mailAfter(() => post('forgot-password', { email: ada.email }))
      const password = 'quite another set of words'
      expect((await post('reset-password', { token, password })).status).toBe(200)
      expect((await post('login', { ...ada, password })).status).toBe(200)
      await until(async () => events.some(({ event }) => event === 'auth.unlocked'), { what: 'the event' })
    })

    it('a stranger’s failures never lock the device that the owner has signed in from', async () => {
      const { post, register, clock } = await setup()
      await register()
      const home = new Map<string, string>()
      expect((await post('login', ada, home)).status).toBe(200)
      for (const name of style.cookies) home.delete(name)
      for (let i = 0; i < 8; i++) {
        await post('login', { email: ada.email, password: 'wrong wrong wrong' }, new Map(), `203.0.113.${i}`)
      }
      expect((await post('login', ada, new Map(), '192.0.2.9')).status).toBe(429)
      expect((await post('login', ada, home)).status).toBe(200)
      // A success resets; after the lock everybody is let in again.
      clock.advance(31 * minute)
      expect((await post('login', ada, new Map(), '192.0.2.9')).status).toBe(200)
    })
  })

  describe('a forgotten password', () => {
    it('is chosen anew by mail, once; all sessions end, the old one opens nothing', async () => {
      const { post, mailAfter, register, call, audit, mails } = await setup()
      await register()
      const jar = new Map<string, string>()
      await post('login', ada, jar)
      const mail = await mailAfter(() => post('forgot-password', { email: ada.email }))
      expect(mail.link).toMatch(/^http:\/\/levqor\.test\/reset-password#token=/)
      const weak = await post('reset-password', { token: mail.token, password: 'weak' })
      expect(weak).toMatchObject({ status: 400, body: { code: 'validation_failed' } })
      const password = 'a completely new passphrase'
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => post('reset-password', { token: mail.token, password })),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect((await call('GET', '/api/auth/me', { jar })).status).toBe(401)
      expect((await post('login', ada)).status).toBe(401)
      expect((await post('login', { ...ada, password })).status).toBe(200)
      expect((await mails()).at(-1)?.body_text).toContain('All sessions were ended')
      expect((await audit()).filter((action) => action === 'password.reset')).toHaveLength(1)
    })

    it('ends the other mailed links with it, and so does changing the password', async () => {
      const { post, mailAfter, register } = await setup()
      await register()
      const forgotten = () => mailAfter(() => post('forgot-password', { email: ada.email }))
      const reset = (token: string, password: string) => post('reset-password', { token, password })
      const [first, second] = [await forgotten(), await forgotten()]
      const chosen = 'a completely new passphrase'
      expect((await reset(second.token, chosen)).status).toBe(200)
      expect((await reset(first.token, 'the one of a thief')).body.code).toBe('token_used')
      const third = await forgotten()
      const jar = new Map<string, string>()
      await post('login', { ...ada, password: chosen }, jar)
      const changed = await post('password', { current: chosen, password: `another ${chosen}` }, jar)
      expect(changed.status).toBe(200)
      expect((await reset(third.token, 'the one of a thief')).body.code).toBe('token_used')
      expect((await post('login', { ...ada, password: `another ${chosen}` })).status).toBe(200)
    })

    it('leaves API keys as they are, and the mail says how many, and where', async () => {
      const { post, mailAfter, register, call, mails } = await setup()
      await register()
      const jar = new Map<string, string>()
      await post('login', ada, jar)
      const make = async (body: object) => (await call('POST', '/api/v1/api-keys', { jar, body })).body
      const secret = (await make({ name: 'CI' })).secret
      await make({ name: 'nightly' })
      const revoked = await make({ name: 'gone' })
      expect((await call('DELETE', `/api/v1/api-keys/${revoked.id}`, { jar })).status).toBe(200)
      const expiry = new Date(installation.clock.now() + minute).toISOString()
      await make({ name: 'short', expires_at: expiry })
      installation.clock.advance(minute)
      const { token } = await mailAfter(() => post('forgot-password', { email: ada.email }))
      expect((await post('reset-password', { token, password: 'a completely new passphrase' })).status).toBe(
        200,
      )
      const told = (await mails()).at(-1)
      for (const part of [told?.body_text, told?.body_html]) {
        expect(part).toContain('2 API keys that you made go on working.')
        expect(part).toContain('http://levqor.test/api-keys')
      }
      expect((await call('GET', '/api/v1/api-keys', { key: secret })).status).toBe(200)
    })

    it('leaves passkeys and linked providers as they are, and the mail says how many, and where', async () => {
      const { post, mailAfter, register, mails, rows, clock } = await setup()
      await register()
      const [user] = await rows<{ id: string }>("SELECT id FROM users WHERE email = 'ada@example.com'")
      const owner = user?.id ?? ''
      const insert = (sql: string, id: string) =>
        asSystem(installation.database).transaction((tx) => tx.run(sql, [id, owner, clock.now()]))
      const addPasskey = (id: string) =>
        insert(
          `INSERT INTO passkeys (id, user_id, credential_id, public_key, counter, transports, backed_up, name, created_at)
           VALUES ($1, $2, $1, 'key', 0, '[]', 0, 'Phone', $3)`,
          id,
        )
      const link = (id: string) =>
        insert(
          `INSERT INTO external_identities (id, user_id, provider, issuer, subject, created_at)
           VALUES ($1, $2, 'google', 'https://accounts.google.com', $1, $3)`,
          id,
        )
      const told = async (part: string) => {
        const { token } = await mailAfter(() => post('forgot-password', { email: ada.email }))
        const password = `a new passphrase ${token}`
        expect((await post('reset-password', { token, password })).status).toBe(200)
        const mail = (await mails()).at(-1)
        for (const text of [mail?.body_text, mail?.body_html]) {
          expect(text).toContain(part)
          expect(text).toContain('http://levqor.test/account')
        }
        return mail?.body_text
      }
      await link('one')
      expect(await told('1 linked account at a provider goes on signing you in.')).not.toContain('passkey')
      await addPasskey('one')
      await addPasskey('two')
      await told('2 passkeys and 1 linked account at a provider go on signing you in.')
      await insert(
        `INSERT INTO api_keys (id, workspace_id, name, key_hash, display_prefix, scopes, created_by, created_at)
         VALUES ($1, 'nowhere', 'CI', 'digest', 'lvk_live_', '[]', $2, $3)`,
        'one',
      )
      expect(await told('2 passkeys and 1 linked account at a provider go on')).toContain(
        '1 API key that you made goes on working.',
      )
    })

    it('says the same of an address that nobody has, and mails nothing', async () => {
      const { post, mails, register } = await setup()
      await register()
      const before = (await mails()).length
      const unknown = await post('forgot-password', { email: 'nobody@example.com' })
      await installation.identity.stop()
      expect((await mails()).length).toBe(before)
      const known = await post('forgot-password', { email: ada.email })
      expect([unknown.status, unknown.body]).toEqual([known.status, known.body])
      for (const name of ['content-type', 'cache-control', 'content-length']) {
        expect(unknown.headers.get(name)).toBe(known.headers.get(name))
      }
    })
  })

  it('changing it asks for the old one, ends all other sessions and writes to the mailbox', async () => {
    const { post, register, call, audit, mails } = await setup()
    await register()
    const [here, there] = [new Map<string, string>(), new Map<string, string>()]
    await post('login', ada, here)
    await post('login', ada, there)
    const password = 'a completely new passphrase'
    expect(await post('password', { current: 'wrong wrong wrong', password }, here)).toMatchObject({
      status: 403,
      body: { code: 'password_wrong' },
    })
    expect((await post('password', { current: ada.password, password: 'weak' }, here)).status).toBe(400)
    expect((await post('password', { current: ada.password, password }, here)).status).toBe(200)
    expect((await call('GET', '/api/auth/me', { jar: here })).status).toBe(200)
    expect((await call('GET', '/api/auth/me', { jar: there })).status).toBe(401)
    expect((await post('login', { ...ada, password })).status).toBe(200)
    expect((await audit()).filter((action) => action === 'password.changed')).toHaveLength(1)
    expect((await mails()).at(-1)?.subject).toContain('was changed')
  })

  it('an account without a password is told so, as often as it asks, and learns from "me" that it has none', async () => {
    const { post, register, call, rows, database } = await setup()
    await register()
    const jar = new Map<string, string>()
    expect((await post('login', ada, jar)).body.user.has_password).toBe(true)
    expect((await call('GET', '/api/auth/me', { jar })).body.user.has_password).toBe(true)
    await asSystem(database).transaction((tx) =>
      tx.run("UPDATE users SET password_hash = NULL WHERE email = 'ada@example.com'"),
    )
    expect((await call('GET', '/api/auth/me', { jar })).body.user.has_password).toBe(false)
    const counted = await rows('SELECT * FROM lockout_counters')
    for (let i = 0; i < 10; i += 1) {
      const asked = await post('password', { current: 'a guess of mine', password: 'a new passphrase' }, jar)
      expect(asked).toMatchObject({ status: 409, body: { code: 'password_none' } })
    }
    expect(await rows('SELECT * FROM lockout_counters')).toEqual(counted)
  })

  it('a password made with older parameters is made again at the next sign-in, which else leaves the account as it is', async () => {
    const { post, register, rows, identity, clock } = await setup()
    await register()
    const account = async () => {
      const [row] = await rows<{ password_hash: string; updated_at: number }>(
        "SELECT password_hash, updated_at FROM users WHERE email = 'ada@example.com'",
      )
      return row
    }
    const made = await account()
    clock.advance(minute)
    expect((await post('login', ada)).status).toBe(200)
    // Signing in alone changes nothing of the account.
    expect(await account()).toEqual(made)
    const { passwords } = identity.services.identity
    Object.assign(passwords, { isOutdated: (stored: string) => stored === made?.password_hash })
    expect((await post('login', ada)).status).toBe(200)
    const renewed = await account()
    expect(renewed?.password_hash).not.toBe(made?.password_hash)
    expect(Number(renewed?.updated_at)).toBe(clock.now())
    clock.advance(minute)
    expect((await post('login', ada)).status).toBe(200)
    expect(await account()).toEqual(renewed)
  })
})
