// Another address over HTTP: asked for, confirmed at both mailboxes, stopped, withdrawn, fought over.
import { until } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { identityPolicy } from '../identity-policy.ts'
import { eachSessionStyle } from '../sessions/test-session-styles.ts'
import { type TestInstallation, testInstallation } from '../test-installation.ts'
import { type Person, testPeople } from '../workspaces/test-people.ts'

const path = '/api/auth/email'
const old = 'ada@example.com'
const wanted = 'ada@new.example.com'

eachSessionStyle((store, style) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store, style)
    const people = await testPeople(installation)
    const { call, rows } = installation
    const ada = await people.person(old, undefined, { name: 'Ada' })
    const mailsTo = (to: string, subject = /./) =>
      people.mails(to).then((mails) => mails.filter((mail) => subject.test(mail.subject)))
    const tokensTo = async (to: string, subject = /^Confirm/) =>
      (await mailsTo(to, subject)).map(({ body_text }) => /#token=([\w-]+)/.exec(body_text)?.[1] ?? '')
    /** Asks, and waits for both mails. */
    async function ask(who: Person, asked: string) {
      const email = asked.toLowerCase()
      const before = [(await people.mails(who.email)).length, (await people.mails(email)).length]
      const answer = await who.call('POST', path, { email: asked })
      expect(answer.status).toBe(202)
      await until(
        async () =>
          (await people.mails(who.email)).length > (before[0] ?? 0) &&
          (await people.mails(email)).length > (before[1] ?? 0),
        { what: 'both mails' },
      )
      return {
        answer,
        oldToken: (await tokensTo(who.email)).at(-1) ?? '',
        newToken: (await tokensTo(email)).at(-1) ?? '',
      }
    }
    const confirm = (token: string) => call('POST', `${path}/confirm`, { body: { token } })
    const stop = (token: string) => call('POST', `${path}/stop`, { body: { token } })
    const emailOf = async (who: Person) =>
      (await rows<{ email: string }>('SELECT email FROM users WHERE id = $1', [who.id]))[0]?.email
    return { ...installation, ...people, ada, ask, confirm, stop, emailOf, mailsTo, tokensTo }
  }

  describe('a change of address', () => {
    it.each(['old', 'new'] as const)(
      'takes effect once both mailboxes have confirmed, the %s one first',
      async (first) => {
        const { ada, ask, confirm, emailOf, signIn, audit, mails, call } = await setup()
        const [home] = await installation.rows<{ workspace_id: string }>(
          'SELECT workspace_id FROM memberships WHERE user_id = $1',
          [ada.id],
        )
        const other = await signIn(ada.id, home?.workspace_id ?? '')
        const { answer, oldToken, newToken } = await ask(ada, wanted.toUpperCase())
        expect(answer.body.pending).toMatchObject({ email: wanted, confirmed: { old: false, new: false } })
        const tokens = first === 'old' ? [oldToken, newToken] : [newToken, oldToken]
        expect((await confirm(tokens[0] ?? '')).body).toEqual({ status: 'waiting' })
        expect(await emailOf(ada)).toBe(old)
        expect((await ada.call('GET', path)).body.pending.confirmed).toEqual({
          old: first === 'old',
          new: first === 'new',
        })
        expect((await confirm(tokens[1] ?? '')).body).toEqual({ status: 'changed' })
        expect(await emailOf(ada)).toBe(wanted)
        expect((await ada.call('GET', path)).body).toEqual({ pending: null })
        // The session that asked goes on, the others do not.
        expect((await ada.call('GET', '/api/auth/me')).body.user.email).toBe(wanted)
        expect((await other.call('GET', '/api/auth/me')).status).toBe(401)
        for (const to of [old, wanted]) expect((await mails(to)).at(-1)?.subject).toMatch(/was changed$/)
        expect((await mails(old)).at(-1)?.body_text).toContain(wanted)
        expect(await audit('email.change_requested', 'email.change_confirmed', 'email.changed')).toHaveLength(
          4,
        )
        for (const token of tokens) {
          expect(await confirm(token)).toMatchObject({ status: 410, body: { code: 'token_used' } })
        }
        expect((await call('POST', '/api/auth/magic-link', { body: { email: wanted } })).status).toBe(202)
      },
    )

    it('the old mailbox has "stop it" as visible as "confirm", in text and HTML; looking at a link uses nothing up', async () => {
      const { ada, ask, mails, call, rows, confirm } = await setup()
      const { oldToken, newToken } = await ask(ada, wanted)
      const [mail] = await mails(old)
      expect(mail?.body_text).toMatch(
        /This was not me: stop it: http:\/\/levqor\.test\/confirm-email#token=[\w-]+&stop=1/,
      )
      expect(mail?.body_html.match(/class="button"/g)).toHaveLength(2)
      expect(mail?.body_text).toContain(wanted)
      // The new mailbox may be a stranger's, by a slip of the finger: it is not told whose account it is.
      expect((await mails(wanted))[0]?.body_text).not.toContain(old)
      expect((await call('GET', `${path}/confirm`)).status).toBe(405)
      const look = (token: string) => call('POST', `${path}/look`, { body: { token } })
      expect((await look(oldToken)).body).toEqual({ mailbox: 'old', email: old, new_email: wanted })
      expect((await look(newToken)).body).toEqual({ mailbox: 'new', email: wanted, new_email: wanted })
      expect(await rows(`SELECT id FROM one_time_tokens WHERE used_at IS NOT NULL`)).toEqual([])
      await confirm(oldToken)
      expect((await look(oldToken)).body.code).toBe('token_used')
      expect((await look('x'.repeat(43))).body.code).toBe('token_invalid')
    })

    it('a taken address looks the same to the asker; its mailbox is told, and no link leads to the change', async () => {
      const { ada, ask, person, mailsTo, tokensTo, confirm, emailOf } = await setup()
      await person('bob@example.com')
      const taken = await ask(ada, 'bob@example.com')
      expect(await tokensTo('bob@example.com', /already/)).toEqual([''])
      const state = (await ada.call('GET', path)).body
      const free = await ask(ada, wanted)
      const shape = (body: { pending: object }) => ({ ...body.pending, email: '', expires_at: '' })
      expect([taken.answer.status, shape(taken.answer.body), shape(state)]).toEqual([
        free.answer.status,
        shape(free.answer.body),
        shape((await ada.call('GET', path)).body),
      ])
      expect(await mailsTo('bob@example.com', /^You have an account/)).toHaveLength(1)
      expect((await confirm(taken.oldToken)).status).toBe(410)
      expect(await emailOf(ada)).toBe(old)
    })

    it('100 parallel confirmations of each mailbox have exactly one effect', async () => {
      const { ada, ask, confirm, emailOf, audit, mailsTo } = await setup()
      const { oldToken, newToken } = await ask(ada, wanted)
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, i) => confirm(i % 2 === 0 ? oldToken : newToken)),
      )
      const outcomes = answers.map(({ body }) => (body.status === 410 ? body.code : body.status)).sort()
      expect(outcomes.filter((one) => one !== 'token_used')).toEqual(['changed', 'waiting'])
      expect(await emailOf(ada)).toBe(wanted)
      expect(await audit('email.changed')).toHaveLength(1)
      expect(await mailsTo(wanted, /was changed$/)).toHaveLength(1)
    }, 60_000)

    it('of several people who take one free address at once, exactly one gets it', async () => {
      const { ask, confirm, person, rows } = await setup()
      const asked = []
      for (let i = 0; i < 4; i++) {
        const someone = await person(`p${i}@example.com`)
        const { oldToken, newToken } = await ask(someone, wanted)
        expect((await confirm(oldToken)).status).toBe(200)
        asked.push(newToken)
      }
      const answers = await Promise.all(asked.map(confirm))
      expect(answers.map(({ body }) => body.code ?? body.status).sort()).toEqual([
        'changed',
        'email_taken',
        'email_taken',
        'email_taken',
      ])
      expect(await rows(`SELECT id FROM users WHERE email = '${wanted}'`)).toHaveLength(1)
    })

    it('needs a fresh proof, a session and another address; nobody else sees or withdraws it', async () => {
      const { ada, ask, person, call, clock, firstRun } = await setup()
      await ask(ada, wanted)
      const bob = await person('bob@example.com')
      expect((await bob.call('GET', path)).body).toEqual({ pending: null })
      expect((await bob.call('DELETE', path)).status).toBe(204)
      expect((await ada.call('GET', path)).body.pending).not.toBeNull()
      const same = await ada.call('POST', path, { email: 'ADA@example.com' })
      expect(same).toMatchObject({ status: 400, body: { errors: [{ pointer: '/email' }] } })
      const byKey = await call('POST', path, { key: firstRun.api_key, body: { email: wanted } })
      expect(byKey).toMatchObject({ status: 403, body: { code: 'credential_unsuitable' } })
      clock.advance(identityPolicy.recentProofMs + 1)
      expect(await ada.call('POST', path, { email: 'b@example.com' })).toMatchObject({
        status: 403,
        body: { code: 'proof_required' },
      })
      // Undoing needs no proof.
      expect((await ada.call('DELETE', path)).status).toBe(204)
      expect((await ada.call('GET', path)).body).toEqual({ pending: null })
    })

    it('stopped from the old mailbox: nothing changes, every session ends, the operators see it', async () => {
      const { ada, ask, confirm, stop, emailOf, events } = await setup()
      const { oldToken, newToken } = await ask(ada, wanted)
      await confirm(newToken)
      expect((await stop(oldToken)).body).toEqual({ status: 'stopped', sessions_ended: true })
      expect((await ada.call('GET', '/api/auth/me')).status).toBe(401)
      expect(await confirm(oldToken)).toMatchObject({ status: 410, body: { code: 'token_withdrawn' } })
      expect(await emailOf(ada)).toBe(old)
      await until(() => events.some(({ event }) => event === 'email.change_stopped'), { what: 'the event' })
    })

    it('stopped from the new mailbox: the owner stays signed in', async () => {
      const { ada, ask, stop, confirm } = await setup()
      const { oldToken, newToken } = await ask(ada, wanted)
      expect((await stop(newToken)).body).toEqual({ status: 'stopped', sessions_ended: false })
      expect((await ada.call('GET', path)).body).toEqual({ pending: null })
      expect((await confirm(oldToken)).body.code).toBe('token_withdrawn')
    })

    it('each way in which a link does not hold has its own answer', async () => {
      const { ada, ask, confirm, clock } = await setup()
      const replaced = await ask(ada, wanted)
      const newer = await ask(ada, 'ada@newer.example.com')
      expect((await confirm(replaced.newToken)).body.code).toBe('token_withdrawn')
      const tampered = `${newer.newToken.slice(0, -1)}${newer.newToken.endsWith('A') ? 'B' : 'A'}`
      expect(await confirm(tampered)).toMatchObject({ status: 400, body: { code: 'token_invalid' } })
      expect((await confirm(newer.newToken)).status).toBe(200)
      expect((await confirm(newer.newToken)).body.code).toBe('token_used')
      clock.advance(identityPolicy.changeEmailMs)
      expect(await confirm(newer.oldToken)).toMatchObject({ status: 410, body: { code: 'token_expired' } })
    })

    it('voids what was mailed to the old mailbox, and the proofs of known devices', async () => {
      const { ada, ask, confirm, call, mails, tokensTo, mailsTo } = await setup()
      const post = (to: string, body: object) => call('POST', `/api/auth/${to}`, { body, jar: new Map() })
      await post('forgot-password', { email: old })
      await post('magic-link', { email: old })
      await until(async () => (await mails(old)).length === 2, { what: 'the mails' })
      const [reset = ''] = await tokensTo(old, /^Choose a new password/)
      const [link = ''] = await tokensTo(old, /[Ss]ign/)
      expect([reset, link].every((token) => token.length === 43)).toBe(true)
      const { oldToken, newToken } = await ask(ada, wanted)
      await confirm(oldToken)
      await confirm(newToken)
      expect(
        await post('reset-password', { token: reset, password: 'correct horse battery staple' }),
      ).toMatchObject({
        status: 410,
        body: { code: 'token_used' },
      })
      expect((await post('magic-link/verify', { token: link })).status).toBe(410)
      const { knownDevices } = installation.identity.services.identity
      const device = knownDevices.remember(undefined, old)
      expect([old, wanted].map((email) => knownDevices.prove(device, email) !== undefined)).toEqual([
        true,
        false,
      ])
      await post('forgot-password', { email: old })
      await post('forgot-password', { email: wanted })
      await until(async () => (await mailsTo(wanted, /^Choose/)).length === 1, { what: 'the mail' })
      await installation.identity.stop()
      expect(await mailsTo(old, /^Choose/)).toHaveLength(1)
    })

    it('invitations stay with the mailbox that they were sent to', async () => {
      const { ada, ask, confirm, owner, ws, tokensTo } = await setup()
      await owner.call('POST', `/api/v1/workspaces/${ws}/invitations`, { email: old, role: 'member' })
      const [invitation = ''] = await tokensTo(old, /^Invitation/)
      const { oldToken, newToken } = await ask(ada, wanted)
      await confirm(oldToken)
      await confirm(newToken)
      const accepted = await ada.call('POST', '/api/v1/workspaces/invitations/accept', { token: invitation })
      expect(accepted.body.code).toBe('invitation_other_mailbox')
    })

    it('40 parallel requests leave one change, and at most five mails in each mailbox', async () => {
      const { ada, rows, mails } = await setup()
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => ada.call('POST', path, { email: wanted })),
      )
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
      await installation.identity.stop()
      expect(await rows('SELECT id FROM one_time_tokens WHERE used_at IS NULL')).toHaveLength(2)
      expect((await mails(wanted)).length).toBeLessThanOrEqual(identityPolicy.mailsPerAddress)
      expect((await mails(old)).length).toBeLessThanOrEqual(identityPolicy.mailsPerAddress)
    }, 60_000)

    it('somebody who names an address as theirs, as often as they like, does not keep its owner from leaving it', async () => {
      const { ada, person, mailsTo, ask, confirm, emailOf } = await setup()
      const { mailsPerAddress } = identityPolicy
      const eve = await person('eve@example.com')
      for (let i = 0; i <= mailsPerAddress; i++) {
        expect((await eve.call('POST', path, { email: old })).status).toBe(202)
        // Each is mailed before the next replaces it.
        await installation.identity.stop()
      }
      expect(await mailsTo(old, /^You have an account/)).toHaveLength(mailsPerAddress)
      const { oldToken, newToken } = await ask(ada, wanted)
      expect(await mailsTo(old, /^Confirm that you leave/)).toHaveLength(1)
      await confirm(oldToken)
      expect((await confirm(newToken)).body).toEqual({ status: 'changed' })
      expect(await emailOf(ada)).toBe(wanted)
    })

    it('who had an address before does not keep the next one at it from leaving it', async () => {
      const { ada, person, mailsTo, ask, confirm } = await setup()
      for (let i = 1; i < identityPolicy.mailsPerAddress; i++) await ask(ada, `try-${i}@example.com`)
      const left = await ask(ada, wanted)
      await confirm(left.oldToken)
      expect((await confirm(left.newToken)).body).toEqual({ status: 'changed' })
      await ask(await person(old), 'bob@new.example.com')
      expect(await mailsTo(old, /^Confirm that you leave/)).toHaveLength(identityPolicy.mailsPerAddress + 1)
    })
  })
})
