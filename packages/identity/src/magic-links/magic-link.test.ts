import { asSystem } from '@levqor/database/system'
import { runVerb } from '@levqor/server'
import { eachStore, until } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { type TestInstallation, testInstallation, tokenOf } from '../test-installation.ts'
import { renewSignInLink } from './renew-sign-in-link.ts'

const minute = 60_000
const verify = '/api/auth/magic-link/verify'

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store)
    const { call, rows } = installation
    const mails = () =>
      rows<{ recipient: string; body_text: string }>(`SELECT * FROM mail_outbox ORDER BY mail_id`)
    const ask = async (jar = new Map<string, string>(), email = 'admin@example.com') => {
      const before = (await mails()).length
      const answer = await call('POST', '/api/auth/magic-link', { body: { email }, jar })
      if (email === 'admin@example.com')
        await until(async () => (await mails()).length > before, { what: 'the mail' })
      const text = (await mails()).at(-1)?.body_text ?? ''
      return {
        jar,
        answer,
        token: tokenOf(/http:\S+/.exec(text)?.[0] ?? 'http://x/#'),
        code: /\b\d{6}\b/.exec(text)?.[0] ?? '',
      }
    }
    const sessions = () => rows<{ id: string; device: string }>('SELECT * FROM sessions')
    return { ...installation, ask, mails, sessions }
  }

  it('signs in the browser that asked, once', async () => {
    const { ask, call, sessions, rows, events } = await setup()
    const { jar, token, answer } = await ask()
    expect(answer).toMatchObject({ status: 202, body: { status: 'sent' } })
    const agent = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
    const signedIn = await call('POST', verify, { body: { token }, jar, headers: agent })
    expect(signedIn).toMatchObject({
      status: 200,
      body: { user: { email: 'admin@example.com' }, operator: true, workspace: { role: 'owner' } },
    })
    expect((await call('GET', '/api/auth/me', { jar })).body).toEqual(signedIn.body)
    expect(await call('POST', verify, { body: { token }, jar })).toMatchObject({
      status: 410,
      body: { code: 'link_used' },
    })
    expect(await sessions()).toMatchObject([{ device: 'Firefox on Linux' }])
    const [user] = await rows<{ email_verified_at: number; last_login_at: number }>('SELECT * FROM users')
    expect(user).toMatchObject({ email_verified_at: expect.any(Number), last_login_at: expect.any(Number) })
    const audit = await rows<{ action: string; personal: string | null }>(
      'SELECT * FROM audit_log ORDER BY id',
    )
    expect(audit.map(({ action }) => action)).toEqual([
      'installation.provisioned',
      'magic_link.requested',
      'magic_link.mailed',
      'session.started',
    ])
    await until(() => events.some(({ event }) => event === 'auth.succeeded'), { what: 'the event' })
  })

  it('50 parallel uses of one link make exactly one session', async () => {
    const { ask, call, sessions } = await setup()
    const { jar, token } = await ask()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => call('POST', verify, { body: { token }, jar: new Map(jar) })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.code === 'link_used')).toHaveLength(49)
    expect(await sessions()).toHaveLength(1)
  })

  it('a GET consumes nothing, whoever sends it', async () => {
    const { ask, call } = await setup()
    const { jar, token } = await ask()
    for (const path of [verify, `${verify}?token=${token}`]) {
      expect((await call('GET', path, { jar })).status).toBe(405)
    }
    expect((await call('POST', verify, { body: { token }, jar })).status).toBe(200)
  })

  describe('in another browser', () => {
    it('needs the code of the same mail', async () => {
      const { ask, call } = await setup()
      const { token, code } = await ask()
      const jar = new Map<string, string>()
      expect(await call('POST', verify, { body: { token }, jar })).toMatchObject({
        status: 403,
        body: { code: 'link_other_browser' },
      })
      const spaced = `${code.slice(0, 3)} ${code.slice(3)}`
      expect((await call('POST', verify, { body: { token, code: spaced }, jar })).status).toBe(200)
      expect((await call('GET', '/api/auth/me', { jar })).status).toBe(200)
    })

    it('100 parallel guesses lead to at most five checks, and then the link is dead for them', async () => {
      const { ask, call, rows, jar } = { jar: new Map<string, string>(), ...(await setup()) }
      const { token, code } = await ask()
      const wrong = code === '000000' ? '000001' : '000000'
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => call('POST', verify, { body: { token, code: wrong } })),
      )
      expect(answers.filter(({ body }) => body.code === 'link_wrong_code')).toHaveLength(5)
      expect(answers.filter(({ body }) => body.code === 'link_expired')).toHaveLength(95)
      expect((await call('POST', verify, { body: { token, code }, jar })).body.code).toBe('link_expired')
      const refused = await rows(`SELECT id FROM audit_log WHERE action = 'magic_link.code_refused'`)
      expect(refused).toHaveLength(5)
    })

    it('the fifth try may still be right', async () => {
      const { ask, call } = await setup()
      const { token, code } = await ask()
      const wrong = code === '000000' ? '000001' : '000000'
      for (let left = 4; left > 0; left--) {
        const { body } = await call('POST', verify, { body: { token, code: wrong } })
        expect(body.detail).toContain(left === 1 ? 'One try is left' : `${left} tries are left`)
      }
      expect((await call('POST', verify, { body: { token, code } })).status).toBe(200)
    })

    it('wrong codes of a stranger do not keep the asking browser out', async () => {
      const { ask, call } = await setup()
      const { jar, token } = await ask()
      for (let i = 0; i < 6; i++) await call('POST', verify, { body: { token, code: '000000' } })
      expect((await call('POST', verify, { body: { token }, jar })).status).toBe(200)
    })
  })

  it('works until fifteen minutes have passed and not a millisecond longer', async () => {
    const { ask, call, clock } = await setup()
    const first = await ask()
    const second = await ask(first.jar)
    clock.advance(15 * minute - 1)
    expect((await call('POST', verify, { body: { token: first.token }, jar: first.jar })).status).toBe(200)
    clock.advance(1)
    expect(await call('POST', verify, { body: { token: second.token }, jar: first.jar })).toMatchObject({
      status: 410,
      body: { code: 'link_expired' },
    })
  })

  it('a changed token is not valid, and is reported without a raw address', async () => {
    const { ask, call, events } = await setup()
    const { jar, token } = await ask()
    const changed = (token.startsWith('A') ? 'B' : 'A') + token.slice(1)
    expect(await call('POST', verify, { body: { token: changed }, jar })).toMatchObject({
      status: 400,
      body: { code: 'link_invalid' },
    })
    const short = await call('POST', verify, { body: { token: 'short' }, jar })
    expect(short.body.code).toBe('validation_failed')
    const failed = () => events.find(({ event }) => event === 'auth.failed')
    await until(() => failed() !== undefined, { what: 'the event' })
    expect(failed()).toMatchObject({
      details: { cause: 'link_invalid' },
      address: expect.stringMatching(/^address_/),
    })
  })

  it('an unknown address gets the very same answer, the same rows, and no mail', async () => {
    const { ask, mails, identity, rows } = await setup()
    const known = await ask()
    const unknown = await ask(new Map(), 'nobody@example.com')
    await identity.stop()
    const shape = ({ answer }: typeof known) => ({
      status: answer.status,
      body: answer.body,
      headers: [...answer.headers].map(([name, value]) =>
        name === 'set-cookie' ? value.replace(/=[\w-]{43};/, '=…;') : name,
      ),
    })
    expect(shape(unknown)).toEqual(shape(known))
    expect((await mails()).map(({ recipient }) => recipient)).toEqual(['admin@example.com'])
    expect(await rows('SELECT id FROM magic_links WHERE email = $1', ['nobody@example.com'])).toHaveLength(1)
    expect(await rows(`SELECT id FROM audit_log WHERE action = 'magic_link.requested'`)).toHaveLength(2)
  })

  it('addresses are one whatever their case; a closed account gets no mail', async () => {
    const { call, mails, database, identity } = await setup()
    await call('POST', '/api/auth/magic-link', { body: { email: 'ADMIN@Example.COM' } })
    await until(async () => (await mails()).length === 1, { what: 'the mail' })
    await asSystem(database).transaction((tx) => tx.run(`UPDATE users SET status = 'disabled'`))
    await call('POST', '/api/auth/magic-link', { body: { email: 'admin@example.com' } })
    await identity.stop()
    expect(await mails()).toHaveLength(1)
  })

  it('a mailbox is not flooded: five links in fifteen minutes', async () => {
    const { call, mails, identity, clock } = await setup()
    for (let i = 0; i < 8; i++)
      await call('POST', '/api/auth/magic-link', { body: { email: 'admin@example.com' } })
    await identity.stop()
    expect(await mails()).toHaveLength(5)
    clock.advance(15 * minute)
    await call('POST', '/api/auth/magic-link', { body: { email: 'admin@example.com' } })
    await identity.stop()
    expect(await mails()).toHaveLength(6)
  })

  it('refuses what is no address', async () => {
    const { call } = await setup()
    const bad = [
      'nobody',
      'a@b',
      'a@b.c\r\nBcc: x@y.z',
      'ä@example.com',
      `${'a'.repeat(250)}@example.com`,
      'a@b.com\u0000',
      ['a@b.com'],
      null,
    ]
    for (const email of bad) {
      const { status, body } = await call('POST', '/api/auth/magic-link', { body: { email } })
      expect({ email, status, pointer: body.errors[0].pointer }).toEqual({
        email,
        status: 400,
        pointer: '/email',
      })
    }
  })

  describe('the operator’s link', () => {
    it('works in any browser for 24 hours, once', async () => {
      const { call, clock, firstRun, rows } = await setup()
      clock.advance(24 * 60 * minute - 1)
      const token = tokenOf(firstRun.sign_in_link)
      expect((await call('POST', verify, { body: { token } })).status).toBe(200)
      expect((await call('POST', verify, { body: { token } })).body.code).toBe('link_used')
      const [user] = await rows<{ email_verified_at: number | null }>('SELECT email_verified_at FROM users')
      expect(user?.email_verified_at).toBeNull()
    })

    it('that ends while it is used signs nobody in', async () => {
      const { call, clock, firstRun, database, sessions } = await setup()
      const body = { token: tokenOf(firstRun.sign_in_link) }
      const system = asSystem(database)
      const answer = await system.transaction(async (tx) => {
        await tx.run('UPDATE magic_links SET expires_at = $1', [clock.now()])
        const using = call('POST', verify, { body })
        // On SQLite it waits to begin; on PostgreSQL it has looked at the link as it was, and waits to decide.
        if (system.read.dialect === 'postgres') {
          const waiting = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
          await until(async () => (await tx.query(waiting)).length > 0, { what: 'the use to wait' })
        }
        return { using }
      })
      expect(await answer.using).toMatchObject({ status: 410, body: { code: 'link_expired' } })
      expect(await sessions()).toEqual([])
    })

    it('expires to the millisecond, and is renewed on the machine, which ends earlier ones', async () => {
      const { call, clock, firstRun, database, identity, rows } = await setup()
      const runtime = { database, clock, ids: database.ids, services: identity.services }
      const log = { error: () => undefined } as never
      const machine = { actor: { kind: 'system', id: 'command-line' }, requestId: 'r', log } as const
      const renew = (email: string) => runVerb(runtime, renewSignInLink, machine, { email })
      const second = await renew('Admin@example.com')
      const first = await call('POST', verify, { body: { token: tokenOf(firstRun.sign_in_link) } })
      expect(first.body.code).toBe('link_expired')
      clock.advance(24 * 60 * minute)
      expect((await call('POST', verify, { body: { token: tokenOf(second.link) } })).body.code).toBe(
        'link_expired',
      )
      const third = await renew('admin@example.com')
      expect(third.expiresAt).toBe(clock.now() + 24 * 60 * minute)
      expect((await call('POST', verify, { body: { token: tokenOf(third.link) } })).status).toBe(200)
      await expect(renew('nobody@example.com')).rejects.toMatchObject({ code: 'user_not_found' })
      expect(await rows(`SELECT id FROM audit_log WHERE action = 'magic_link.renewed'`)).toHaveLength(2)
    })
  })
})
