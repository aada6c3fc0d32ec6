// A passkey as the second factor of another sign-in, and as the proof that somebody is still there.
import { asSystem } from '@levqor/database/system'
import { eachStore, softAuthenticator } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { identityPolicy } from '../identity-policy.ts'
import { tokenOf } from '../test-installation.ts'
import { origin, type TestPasskeys, testPasskeys } from './test-passkeys.ts'

eachStore((store) => {
  let installation: TestPasskeys
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testPasskeys(store)
    const { personWithPasskey, call, database, path, mails } = installation
    const { asked, jar } = { asked: personWithPasskey, jar: new Map<string, string>() }

    /** Somebody with a second factor whose mailed link was right: their browser holds the first factor. */
    async function afterFirstFactor(email = 'ada@example.com', browser = jar) {
      const made = await asked(email)
      await asSystem(database).transaction((tx) =>
        tx.run(
          'INSERT INTO totp_secrets (user_id, secret, last_step, confirmed_at, created_at) VALUES ($1, $2, 0, 1, 1)',
          [made.person.id, 'sealed'],
        ),
      )
      await call('POST', '/api/auth/magic-link', { jar: browser, body: { email } })
      await installation.identity.stop()
      const link = (await mails(email)).map(({ body_text }) => /http:\S+#token=\S+/.exec(body_text)?.[0])
      const token = tokenOf(link.find((each) => each !== undefined) ?? 'http://x/#')
      const answer = await call('POST', '/api/auth/magic-link/verify', { jar: browser, body: { token } })
      expect(answer).toMatchObject({
        status: 200,
        body: { second_factor: { methods: ['totp', 'recovery-code', 'passkey'] } },
      })
      return { ...made, browser }
    }
    const startSecond = (browser: Map<string, string>) =>
      call('POST', `${path}/second-factor/start`, { jar: browser })
    const finishSecond = (browser: Map<string, string>, response: unknown) =>
      call('POST', `${path}/second-factor/finish`, { jar: browser, body: { response } })
    return { ...installation, afterFirstFactor, startSecond, finishSecond }
  }

  describe('as a second factor', () => {
    it('finishes the sign-in that waits for it, and only the passkeys of that account are asked for', async () => {
      const { afterFirstFactor, startSecond, finishSecond, rows, call } = await setup()
      const { person, authenticator, browser } = await afterFirstFactor()
      const { body } = await startSecond(browser)
      const [known] = await rows<{ credential_id: string }>('SELECT credential_id FROM passkeys')
      expect(body.options.allowCredentials).toEqual([
        { id: known?.credential_id, type: 'public-key', transports: ['internal'] },
      ])
      // Who was named already need not be named by the authenticator.
      const answer = await finishSecond(browser, authenticator.get(body.options, { userHandle: null }))
      expect(answer).toMatchObject({ status: 200, body: { user: { email: person.email } } })
      expect((await call('GET', '/api/auth/me', { jar: browser })).status).toBe(200)
      expect(await rows(`SELECT second_factor FROM sessions WHERE second_factor IS NOT NULL`)).toEqual([
        { second_factor: 'passkey' },
      ])
    })

    it('of another account, without a first factor, or with a challenge of another is refused', async () => {
      const { afterFirstFactor, startSecond, finishSecond, personWithPasskey, start, rows } = await setup()
      const { authenticator, browser } = await afterFirstFactor()
      const { authenticator: eves } = await personWithPasskey('eve@example.com')
      const { options } = (await startSecond(browser)).body
      const foreign = await finishSecond(browser, eves.get(options))
      expect([foreign.status, foreign.body.code]).toEqual([403, 'passkey_refused'])
      expect((await startSecond(new Map())).body.code).toBe('second_factor_expired')
      const right = authenticator.get(options)
      expect((await finishSecond(new Map(), right)).body.code).toBe('second_factor_expired')
      const stranger = (await start(browser)).body.options
      expect((await finishSecond(browser, authenticator.get(stranger))).body.code).toBe('passkey_expired')
      expect(await rows('SELECT id FROM sessions WHERE second_factor IS NOT NULL')).toEqual([])
      expect((await finishSecond(browser, authenticator.get(options))).status).toBe(200)
    })

    it('100 parallel answers begin one session; a copy begins none', async () => {
      const { afterFirstFactor, startSecond, finishSecond, rows } = await setup()
      const { authenticator, browser } = await afterFirstFactor()
      const { options } = (await startSecond(browser)).body
      const copied = await finishSecond(browser, authenticator.get(options, { counter: 1 }))
      expect([copied.status, copied.body.code]).toEqual([403, 'passkey_refused'])
      expect(copied.headers.getSetCookie()).toEqual([])
      const again = (await startSecond(browser)).body.options
      const response = authenticator.get(again)
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => finishSecond(new Map(browser), response)),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      const codes = new Set(answers.map(({ body }) => body.code).filter(Boolean))
      for (const code of codes) expect(['passkey_expired', 'second_factor_expired']).toContain(code)
      expect(await rows('SELECT id FROM sessions WHERE second_factor IS NOT NULL')).toHaveLength(1)
    })
  })

  describe('as a proof', () => {
    it('admits to what is sensitive again, in the session that asked and with the own passkey only', async () => {
      const { personWithPasskey, path, clock, signInElsewhere, rows } = await setup()
      const { person, authenticator, id } = await personWithPasskey()
      const { person: eve, authenticator: eves } = await personWithPasskey('eve@example.com')
      const [home] = await rows<{ workspace_id: string }>(
        'SELECT workspace_id FROM memberships WHERE user_id = $1',
        [person.id],
      )
      const other = await signInElsewhere(person.id, home?.workspace_id ?? '')
      clock.advance(identityPolicy.recentProofMs + 1)
      expect((await person.call('DELETE', `${path}/${id}`)).body.code).toBe('proof_required')
      const { options } = (await person.call('POST', `${path}/proof/start`)).body
      expect(options.allowCredentials).toHaveLength(1)
      const finish = (who: Pick<typeof person, 'call'>, response: unknown) =>
        who.call('POST', `${path}/proof/finish`, { response })
      expect((await finish(person, eves.get(options))).body.code).toBe('passkey_refused')
      const answer = authenticator.get(options)
      expect((await finish(eve, answer)).body.code).toBe('passkey_expired')
      expect((await finish(other, answer)).body.code).toBe('passkey_expired')
      const proven = await finish(person, answer)
      expect(proven).toMatchObject({ status: 200 })
      expect(Date.parse(proven.body.proven_until)).toBe(clock.now() + identityPolicy.recentProofMs)
      expect((await finish(person, answer)).body.code).toBe('passkey_expired')
      expect((await other.call('DELETE', `${path}/${id}`)).body.code).toBe('proof_required')
      expect((await person.call('DELETE', `${path}/${id}`)).status).toBe(204)
      expect(await rows("SELECT id FROM audit_log WHERE action = 'session.proven'")).toHaveLength(1)
    })

    it('a copied authenticator proves nothing', async () => {
      const { personWithPasskey, path, clock } = await setup()
      const { person, authenticator } = await personWithPasskey()
      clock.advance(identityPolicy.recentProofMs + 1)
      const { options } = (await person.call('POST', `${path}/proof/start`)).body
      const response = authenticator.get(options, { counter: 1 })
      const answer = await person.call('POST', `${path}/proof/finish`, { response })
      expect([answer.status, answer.body.code]).toEqual([403, 'passkey_refused'])
      expect((await person.call('POST', `${path}/register/start`)).body.code).toBe('proof_required')
    })

    it('an operator who acts for somebody neither names, adds, removes nor proves with their passkeys', async () => {
      const { personWithPasskey, path, database, add } = await setup()
      const { person, id } = await personWithPasskey()
      await asSystem(database).transaction((tx) =>
        tx.run('UPDATE sessions SET impersonator_id = $1 WHERE id = $2', ['operator', person.sessionId]),
      )
      const answers = [
        await person.call('PATCH', `${path}/${id}`, { name: 'Theirs' }),
        await add(person, softAuthenticator({ origin })),
        await person.call('DELETE', `${path}/${id}`),
        await person.call('POST', `${path}/proof/start`),
      ]
      expect(answers.map(({ body }) => body.code)).toEqual(Array(4).fill('not_while_impersonating'))
    })
  })
})
