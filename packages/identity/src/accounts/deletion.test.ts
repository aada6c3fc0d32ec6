// An account that is to be deleted: asked for, told, kept, closed in the end; and what people say of themselves.
import { asSystem } from '@levqor/database/system'
import { afterEach, expect, it } from 'vitest'
import { identityPolicy } from '../identity-policy.ts'
import { eachSessionStyle } from '../sessions/test-session-styles.ts'
import { type TestInstallation, testInstallation } from '../test-installation.ts'
import { testPeople } from '../workspaces/test-people.ts'

const path = '/api/auth/account/deletion'

eachSessionStyle((store, style) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store, style)
    const people = await testPeople(installation)
    const change = (sql: string, params: string[] = []) =>
      asSystem(installation.database).transaction((tx) => tx.run(sql, params))
    const statusOf = async (id: string) =>
      (
        await installation.rows<{ status: string; deletion_due_at: number | null }>(
          'SELECT status, deletion_due_at FROM users WHERE id = $1',
          [id],
        )
      )[0]
    return { ...installation, ...people, change, statusOf }
  }

  it('is asked for once however often, told by mail, shown, and undone by the person', async () => {
    const { person, mails, audit, clock, statusOf } = await setup()
    const ada = await person('ada@example.com')
    const dueAt = new Date(clock.now() + identityPolicy.deletionGraceMs).toISOString()
    const answers = await Promise.all(Array.from({ length: 20 }, () => ada.call('POST', path)))
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 200, body: { deletion_due_at: dueAt } })
    expect(await mails(ada.email)).toHaveLength(1)
    expect((await mails(ada.email))[0]?.body_text).toContain('/account')
    expect((await ada.call('GET', '/api/auth/me')).body.user.deletion_due_at).toBe(dueAt)
    expect((await ada.call('DELETE', path)).status).toBe(204)
    expect((await ada.call('DELETE', path)).status).toBe(204)
    expect(await statusOf(ada.id)).toEqual({ status: 'active', deletion_due_at: null })
    expect((await audit('account.deletion_requested', 'account.deletion_undone')).length).toBe(2)
  })

  it('needs a fresh proof and a session', async () => {
    const { person, clock, call, firstRun } = await setup()
    const ada = await person('ada@example.com')
    clock.advance(identityPolicy.recentProofMs + 1)
    expect((await ada.call('POST', path)).body.code).toBe('proof_required')
    expect((await call('POST', path, { key: firstRun.api_key })).body.code).toBe('credential_unsuitable')
  })

  it('is refused to the last owner of a workspace with other members, which is named; of two owners who go at once one stays', async () => {
    const { person, owner, change } = await setup()
    await change('UPDATE users SET operator = 0 WHERE id = $1', [owner.id])
    await person('member@example.com', 'member')
    const refused = await owner.call('POST', path)
    expect(refused).toMatchObject({ status: 409, body: { code: 'last_owner' } })
    expect(refused.body.detail).toContain('“First workspace”')
    const second = await person('second@example.com', 'owner')
    const answers = await Promise.all([owner, second].map((one) => one.call('POST', path)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it('is refused to the only operator', async () => {
    const { owner } = await setup()
    expect((await owner.call('POST', path)).body.code).toBe('last_operator')
  })

  it('closes the account at the date and not before, in every process, and leaves the row', async () => {
    const { person, clock, identity, change, call, statusOf, audit, secondProcess, events } = await setup()
    const ada = await person('ada@example.com')
    const made = await ada.call('POST', '/api/v1/api-keys', { name: 'CI' })
    const { body } = await ada.call('POST', path)
    const other = await secondProcess()
    // As somebody who keeps coming back.
    const seen = () =>
      change(`UPDATE sessions SET last_seen_at = ${clock.now()}, expires_at = ${clock.now() + 1e10}`)
    clock.set(Date.parse(body.deletion_due_at) - 1)
    await seen()
    expect(await identity.closeDueAccounts()).toBe(0)
    expect((await ada.call('GET', '/api/auth/me')).status).toBe(200)
    expect((await other.call('GET', '/api/auth/me', { jar: ada.jar })).status).toBe(200)
    clock.advance(1)
    expect(await identity.closeDueAccounts()).toBe(1)
    expect((await ada.call('GET', '/api/auth/me')).status).toBe(401)
    expect((await call('GET', '/api/v1/api-keys', { key: made.body.secret })).status).toBe(401)
    clock.advance(identityPolicy.credentialCacheMs)
    expect((await other.call('GET', '/api/auth/me', { jar: ada.jar })).status).toBe(401)
    expect(await statusOf(ada.id)).toEqual({
      status: 'disabled',
      deletion_due_at: Date.parse(body.deletion_due_at),
    })
    expect(await identity.closeDueAccounts()).toBe(0)
    expect(await audit('account.closed')).toHaveLength(1)
    expect(events.map(({ event }) => event)).toContain('account.disabled')
  })

  it('falls when others have come to depend on the account meanwhile, and says so', async () => {
    const { person, clock, identity, change, statusOf, mails } = await setup()
    const ada = await person('ada@example.com')
    const bob = await person('bob@example.com')
    await ada.call('POST', path)
    await change(
      `INSERT INTO memberships (workspace_id, user_id, role, created_at)
       SELECT workspace_id, $1, 'member', 1 FROM memberships WHERE user_id = $2`,
      [bob.id, ada.id],
    )
    clock.advance(identityPolicy.deletionGraceMs)
    expect(await identity.closeDueAccounts()).toBe(1)
    expect(await statusOf(ada.id)).toEqual({ status: 'active', deletion_due_at: null })
    expect((await mails(ada.email)).at(-1)?.body_text).toContain('“Home of ada@example.com”')
  })

  it('an owner who is about to go cannot be left alone with a workspace', async () => {
    const { person, owner, ws } = await setup()
    const second = await person('second@example.com', 'owner')
    expect((await second.call('POST', path)).status).toBe(200)
    const left = await owner.call('POST', `/api/v1/workspaces/${ws}/leave`)
    expect(left).toMatchObject({ status: 409, body: { code: 'last_owner' } })
  })

  it('name, language and currency are what Intl knows, in one spelling; what is left out stays', async () => {
    const { person } = await setup()
    const ada = await person('ada@example.com', undefined, { name: 'Ada' })
    const patch = (body: object) => ada.call('PATCH', '/api/auth/me', body)
    expect((await patch({ locale: 'SV-se', currency: 'SEK' })).body).toEqual({
      name: 'Ada',
      locale: 'sv-SE',
      currency: 'SEK',
    })
    expect((await patch({ name: null })).body).toEqual({ name: null, locale: 'sv-SE', currency: 'SEK' })
    expect((await ada.call('GET', '/api/auth/me')).body.user).toMatchObject({ locale: 'sv-SE', name: null })
    for (const [body, pointer] of [
      [{ locale: 'not a language' }, '/locale'],
      [{ locale: 'x'.repeat(40) }, '/locale'],
      [{ currency: 'XYZ' }, '/currency'],
      [{ currency: 'eur' }, '/currency'],
      [{ name: 'a\0b' }, '/name'],
      [{ name: '  ' }, '/name'],
      [{ email: 'b@example.com' }, '/email'],
      [{}, ''],
    ] as const) {
      const refused = await patch(body)
      expect(refused.status, JSON.stringify(body)).toBe(400)
      expect(refused.body.errors[0].pointer).toBe(pointer)
    }
  })
})
