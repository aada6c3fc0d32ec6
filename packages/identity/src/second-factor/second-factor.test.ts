// Two-step sign-in over HTTP: switched on, used, renewed, switched off.
import { afterEach, describe, expect, it } from 'vitest'
import { purgeIdentity } from '../purge-identity.ts'
import { eachSessionStyle } from '../sessions/test-session-styles.ts'
import { type TestInstallation, testInstallation } from '../test-installation.ts'
import { password, twoSteps } from './test-two-steps.ts'

const minute = 60_000
const email = 'ada@example.com'

eachSessionStyle((store, style) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store, style)
    const steps = twoSteps(installation)
    await steps.register(email)
    const jar = await steps.login(email)
    const off = (code: string, from = jar) =>
      installation.call('DELETE', '/api/auth/totp', { body: { code }, jar: from })
    const audit = async () =>
      (await installation.rows<{ action: string }>('SELECT action FROM audit_log ORDER BY id')).map(
        ({ action }) => action,
      )
    return { ...installation, ...steps, jar, off, audit }
  }

  describe('switching on', () => {
    it('asks for nothing until a code is confirmed, then for a code at every sign-in; ten recovery codes are shown once', async () => {
      const { post, get, jar, login, code, clock, mails, audit, rows, logLines, events } = await setup()
      expect((await get('second-factor', jar)).body).toMatchObject({
        enabled_at: null,
        recovery_codes_left: 0,
      })
      const { body: started } = await post('totp/start', {}, jar)
      expect(started.uri).toBe(
        `otpauth://totp/Levqor:ada%40example.com?issuer=Levqor&secret=${started.secret}&algorithm=SHA1&digits=6&period=30`,
      )
      expect(started.secret).toMatch(/^[A-Z2-7]{32}$/)
      expect(Date.parse(started.expires_at)).toBe(clock.now() + 15 * minute)
      expect((await login(email)).has(style.cookie)).toBe(true)

      const spaced = code(started.secret).replace(/^.../, '$& ')
      const confirmed = await post('totp/confirm', { code: spaced }, jar)
      expect(confirmed.body.recovery_codes).toHaveLength(10)
      expect((await get('second-factor', jar)).body).toEqual({
        enabled_at: new Date(clock.now()).toISOString(),
        recovery_codes_left: 10,
        password_needs_it: false,
      })
      expect((await mails()).at(-1)).toMatchObject({ subject: 'Two-step sign-in for Levqor is on' })
      expect(await audit()).toEqual(expect.arrayContaining(['totp.started', 'totp.confirmed']))

      clock.advance(30_000)
      const second = await login(email)
      expect(second.has(style.cookie)).toBe(false)
      expect((await get('second-factor/asked', second)).body).toMatchObject({
        methods: ['totp', 'recovery-code'],
      })
      const done = await post('second-factor', { code: code(started.secret) }, second)
      expect(done).toMatchObject({ status: 200, body: { user: { email } } })
      expect([...second.keys()].sort()).toEqual([...style.cookies, 'levqor_device'].sort())
      expect((await get('me', second)).status).toBe(200)
      const [session] = await rows<object>('SELECT * FROM sessions ORDER BY created_at DESC LIMIT 1')
      expect(session).toMatchObject({ method: 'password', second_factor: 'totp' })

      // Neither the secret nor a code is anywhere at rest or in what is written about it.
      const kept = JSON.stringify([
        await rows('SELECT * FROM totp_secrets'),
        await rows('SELECT * FROM recovery_codes'),
        await rows('SELECT * FROM audit_log'),
        await mails(),
        logLines,
        events,
      ])
      for (const secret of [started.secret, ...confirmed.body.recovery_codes])
        expect(kept).not.toContain(secret)
    })

    it('ends all other sessions, which began with one factor', async () => {
      const { jar, login, switchOn, get } = await setup()
      const other = await login(email)
      await switchOn(jar)
      expect((await get('me', other)).status).toBe(401)
      expect((await get('me', jar)).status).toBe(200)
    })

    it('of a sign-in that runs beside it, no session without a second factor is left', async () => {
      const { jar, login, post, code, get } = await setup()
      const { secret } = (await post('totp/start', {}, jar)).body
      const [, ...jars] = await Promise.all([
        post('totp/confirm', { code: code(secret) }, jar),
        ...Array.from({ length: 10 }, () => login(email)),
      ])
      for (const other of jars) {
        if (other.has(style.cookie)) expect((await get('me', other)).status).toBe(401)
        else expect(other.has('levqor_first_factor')).toBe(true)
      }
    })

    it('twice at once or again later makes no second secret', async () => {
      const { jar, post, code, rows, nextCode } = await setup()
      const { secret } = (await post('totp/start', {}, jar)).body
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => post('totp/confirm', { code: code(secret) }, jar)),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      for (const { status, body } of answers) if (status !== 200) expect(body.code).toBe('second_factor_on')
      expect(await rows('SELECT id FROM recovery_codes')).toHaveLength(10)
      nextCode()
      expect((await post('totp/start', {}, jar)).body.code).toBe('second_factor_on')
      expect((await post('totp/confirm', { code: code(secret) }, jar)).body.code).toBe('second_factor_on')
    })

    it('is begun anew when it took too long, and the newest secret counts', async () => {
      const { jar, post, code, clock } = await setup()
      expect((await post('totp/confirm', { code: '123456' }, jar)).body.code).toBe('totp_start_expired')
      const old = (await post('totp/start', {}, jar)).body.secret
      clock.advance(15 * minute)
      expect((await post('proof', { password }, jar)).status).toBe(200)
      const late = await post('totp/confirm', { code: code(old) }, jar)
      expect(late).toMatchObject({ status: 410, body: { code: 'totp_start_expired' } })
      const { secret } = (await post('totp/start', {}, jar)).body
      expect((await post('totp/confirm', { code: code(old) }, jar)).body.code).toBe('second_factor_wrong')
      expect((await post('totp/confirm', { code: code(secret) }, jar)).status).toBe(200)
    })

    it.each([
      [5, '5 minutes ahead'],
      [-5, '5 minutes behind'],
    ])('says by how much the clock of the phone is off (%i minutes)', async (minutes, words) => {
      const { jar, post, code } = await setup()
      const { secret } = (await post('totp/start', {}, jar)).body
      const refused = await post('totp/confirm', { code: code(secret, minutes) }, jar)
      expect(refused).toMatchObject({ status: 403, body: { code: 'second_factor_wrong' } })
      expect(refused.body.detail).toContain(`about ${words}`)
    })

    it('that nobody finished is deleted after a day, and one that was finished stays', async () => {
      const { jar, register, login, switchOn, post, rows, clock, database } = await setup()
      await switchOn(jar)
      await register('bob@example.com')
      expect((await post('totp/start', {}, await login('bob@example.com'))).status).toBe(200)
      clock.advance(24 * 60 * 60 * 1000)
      await purgeIdentity(database)
      expect(await rows('SELECT user_id FROM totp_secrets')).toHaveLength(2)
      clock.advance(1)
      await purgeIdentity(database)
      expect(await rows('SELECT user_id FROM totp_secrets WHERE confirmed_at IS NOT NULL')).toHaveLength(1)
      expect(await rows('SELECT user_id FROM totp_secrets')).toHaveLength(1)
    })

    it('asks for a recent proof', async () => {
      const { jar, post, clock } = await setup()
      clock.advance(15 * minute + 1)
      for (const path of ['totp/start', 'totp/recovery-codes']) {
        expect((await post(path, {}, jar)).body.code, path).toBe('proof_required')
      }
      expect((await post('totp/confirm', { code: '123456' }, jar)).body.code).toBe('proof_required')
    })
  })

  describe('the code', () => {
    it.each([-0.5, 0, 0.5])('is accepted %d minutes off', async (minutes) => {
      const { jar, switchOn, login, post, code, nextCode } = await setup()
      const { secret } = await switchOn(jar)
      nextCode()
      expect((await post('second-factor', { code: code(secret, minutes) }, await login(email))).status).toBe(
        200,
      )
    })

    it.each([-5, -1, 1, 5])(
      'is refused %d minutes off, with a word on clocks and nothing on how far',
      async (minutes) => {
        const { jar, switchOn, login, post, code, clock } = await setup()
        const { secret } = await switchOn(jar)
        clock.advance(10 * minute)
        const waiting = await login(email)
        const refused = await post('second-factor', { code: code(secret, minutes) }, waiting)
        const guess = await post('second-factor', { code: '000000' }, waiting)
        expect(refused).toMatchObject({ status: 403, body: { code: 'second_factor_wrong' } })
        expect(refused.body.detail).toContain('clock of your phone')
        // A guess that will be right in five minutes must look like any other.
        expect(refused.body.detail).toBe(guess.body.detail)
      },
    )

    it('works once, also for another purpose, and the one before it not any more', async () => {
      const { jar, switchOn, login, post, code, off } = await setup()
      const { secret } = await switchOn(jar)
      const used = code(secret)
      expect((await post('second-factor', { code: used }, await login(email))).status).toBe(200)
      for (const again of [used, code(secret, -0.5)]) {
        expect((await post('second-factor', { code: again }, await login(email))).body.code).toBe(
          'second_factor_wrong',
        )
      }
      expect((await off(used)).body.code).toBe('second_factor_wrong')
      expect((await post('proof', { code: used }, jar)).body.code).toBe('second_factor_wrong')
    })
  })

  describe('a recovery code', () => {
    it('works once, and a mail says how many are left', async () => {
      const { jar, switchOn, login, post, get, mails, audit, rows } = await setup()
      const { codes } = await switchOn(jar)
      const typed = (codes[3] ?? '').toLowerCase().replaceAll('-', ' ')
      expect((await post('second-factor', { code: typed }, await login(email))).status).toBe(200)
      expect((await post('second-factor', { code: typed }, await login(email))).body.code).toBe(
        'second_factor_wrong',
      )
      expect((await get('second-factor', jar)).body.recovery_codes_left).toBe(9)
      const mail = (await mails()).at(-1)
      expect(mail?.subject).toBe('A recovery code for Levqor was used')
      expect(mail?.body_text).toContain('9 codes are left')
      expect(await audit()).toContain('recovery_code.used')
      expect(await rows("SELECT id FROM sessions WHERE second_factor = 'recovery-code'")).toHaveLength(1)
    })

    it('is void once new ones are made', async () => {
      const { jar, switchOn, login, post, mails } = await setup()
      const { codes } = await switchOn(jar)
      const { body } = await post('totp/recovery-codes', {}, jar)
      expect(body.recovery_codes).toHaveLength(10)
      expect((await mails()).at(-1)?.subject).toBe('New recovery codes for Levqor')
      expect((await post('second-factor', { code: codes[0] }, await login(email))).body.code).toBe(
        'second_factor_wrong',
      )
      const fresh = await post('second-factor', { code: body.recovery_codes[0] }, await login(email))
      expect(fresh.status).toBe(200)
    })
  })

  describe('switching off', () => {
    it.each(['totp', 'recovery-code'])(
      'takes a code (%s), tells by mail, and signing in asks for one factor',
      async (kind) => {
        const { jar, switchOn, off, code, login, mails, rows, get, audit } = await setup()
        const { secret, codes } = await switchOn(jar)
        expect((await off('000000')).body.code).toBe('second_factor_wrong')
        expect((await off(kind === 'totp' ? code(secret) : (codes[0] ?? ''))).status).toBe(204)
        expect((await login(email)).has(style.cookie)).toBe(true)
        expect((await mails()).at(-1)?.subject).toBe('Two-step sign-in for Levqor is off')
        expect(await audit()).toContain('totp.ended')
        expect(await rows('SELECT user_id FROM totp_secrets')).toEqual([])
        expect(await rows('SELECT id FROM recovery_codes')).toEqual([])
        expect((await get('second-factor', jar)).body.enabled_at).toBeNull()
        expect((await off('123456')).body.code).toBe('second_factor_off')
      },
    )

    it('needs a password that stands alone: a short one is chosen anew first', async () => {
      const { jar, switchOn, off, code, post, get, nextCode, login } = await setup()
      const { secret } = await switchOn(jar)
      const change = (current: string, chosen: string) => post('password', { current, password: chosen }, jar)
      expect((await change(password, 'short')).status).toBe(400)
      expect((await change(password, 'kittens9')).status).toBe(200)
      expect((await get('second-factor', jar)).body.password_needs_it).toBe(true)
      expect((await off(code(secret))).body.code).toBe('password_needs_second_factor')
      expect((await change('kittens9', 'a long one, this time')).status).toBe(200)
      expect((await off(code(secret))).status).toBe(204)
      expect((await change('a long one, this time', 'kittens9')).status).toBe(400)
      nextCode()
      expect((await login(email, new Map(), 'a long one, this time')).has(style.cookie)).toBe(true)
    })

    it('beside choosing a short password never leaves the account with both', async () => {
      const { jar, switchOn, off, post, code, rows } = await setup()
      const { secret } = await switchOn(jar)
      await Promise.all([
        off(code(secret)),
        post('password', { current: password, password: 'kittens9' }, jar),
      ])
      const [state] = await rows<{ short: number | null; on: number }>(
        `SELECT password_needs_second_factor AS short, (SELECT COUNT(*) FROM totp_secrets) AS "on" FROM users WHERE email = 'ada@example.com'`,
      )
      expect(state?.short === 1 && Number(state.on) === 0).toBe(false)
    })
  })

  it('a password reset by mail takes a short password where the second factor stands, and the next sign-in still asks for it', async () => {
    const { jar, switchOn, post, mailAfter, login } = await setup()
    await switchOn(jar)
    const { token } = await mailAfter(() => post('forgot-password', { email }))
    expect((await post('reset-password', { token, password: 'kittens9' })).status).toBe(200)
    const waiting = await login(email, new Map(), 'kittens9')
    expect([...waiting.keys()]).toEqual(['levqor_first_factor'])
  })

  it('a mailed link asks for the second factor; a link made on the machine does not', async () => {
    const { jar, switchOn, post, mailAfter, firstRun, call } = await setup()
    await switchOn(jar)
    const browser = new Map<string, string>()
    const { token } = await mailAfter(() => post('magic-link', { email }, browser))
    expect((await post('magic-link/verify', { token }, browser)).body).toHaveProperty('second_factor')
    expect(browser.has(style.cookie)).toBe(false)

    const admin = new Map<string, string>()
    const operator = firstRun.sign_in_link.split('#token=')[1]
    expect((await post('magic-link/verify', { token: operator }, admin)).status).toBe(200)
    expect((await call('GET', '/api/auth/me', { jar: admin })).status).toBe(200)
  })
})
