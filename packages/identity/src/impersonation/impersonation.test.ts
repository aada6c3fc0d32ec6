// An operator acts for somebody: who may, for how long, what it leaves behind, and the way back.
import { asSystem } from '@levqor/database/system'
import { until } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { type IdentityPolicy, identityPolicy } from '../identity-policy.ts'
import { eachSessionStyle } from '../sessions/test-session-styles.ts'
import { type TestInstallation, testInstallation } from '../test-installation.ts'
import { testPeople } from '../workspaces/test-people.ts'

const path = '/api/admin/impersonate'
const reason = 'Ada asked why her jobs do not run.'

eachSessionStyle((store, style) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup(policy: Partial<IdentityPolicy> = {}) {
    installation = await testInstallation(store, { policy: { ...style.policy, ...policy } })
    const people = await testPeople(installation)
    const { call } = installation
    const ada = await people.person('ada@example.com', undefined, { name: 'Ada' })
    const { owner } = people
    const jar = new Map(owner.jar)
    const browser = (method: string, to: string, body?: unknown) =>
      call(method, to, { jar, ...(body === undefined ? {} : { body }) })
    const start = (userId = ada.publicId, why: string = reason) =>
      browser('POST', path, { user_id: userId, reason: why })
    const me = async (cookies = jar) => (await call('GET', '/api/auth/me', { jar: cookies })).body
    const change = (sql: string, params: string[] = []) =>
      asSystem(installation.database).transaction((tx) => tx.run(sql, params))
    return { ...installation, ...people, ada, jar, browser, start, me, change }
  }

  it('acts as the person, is seen as such everywhere, and goes back to the same session', async () => {
    const { start, me, browser, jar, owner, ada, audit, events, rows, clock } = await setup()
    const own = jar.get('levqor_session')
    const started = await start()
    const expiresAt = new Date(clock.now() + identityPolicy.impersonationMs).toISOString()
    expect(started).toMatchObject({ status: 200, body: { expires_at: expiresAt } })
    expect(started.headers.getSetCookie().join('\n')).toMatch(
      /levqor_operator=[\w-]{43};.*HttpOnly; SameSite=Strict/,
    )
    expect(await me()).toMatchObject({
      user: { email: ada.email },
      operator: false,
      impersonation: { by: owner.email, reason, expires_at: expiresAt },
    })
    // What happens is the operator's doing, and the row names both.
    const home = (await me()).workspace.id
    await browser('POST', `/api/v1/workspaces/${home}/switch`)
    const bob = await rows<{ id: string }>('SELECT workspace_id AS id FROM memberships WHERE user_id = $1', [
      owner.id,
    ])
    expect(bob).toHaveLength(1)
    expect((await browser('DELETE', path)).body).toEqual({ returned: true })
    expect(jar.get('levqor_session')).toBe(own)
    expect(jar.has('levqor_operator')).toBe(false)
    expect(await me()).toMatchObject({ user: { email: owner.email }, operator: true, impersonation: null })
    const [begun, ended] = await audit('impersonation.started', 'impersonation.ended')
    expect([begun?.actor_id, ended?.action]).toEqual([owner.id, 'impersonation.ended'])
    await until(() => events.some(({ event }) => event === 'impersonation.ended'), { what: 'the event' })
    expect(events.find(({ event }) => event === 'impersonation.started')).toMatchObject({
      actorId: owner.id,
      details: { user: ada.id },
    })
  })

  it('an audit row names the operator who acts and the person they act for', async () => {
    const { start, browser, me, ada, owner, rows, change, workspaceId } = await setup()
    await change(
      `INSERT INTO memberships (workspace_id, user_id, role, created_at) VALUES ($1, $2, 'member', 9999999999999)`,
      [workspaceId, ada.id],
    )
    await start()
    const { ws } = await testPeople(installation)
    expect((await browser('POST', `/api/v1/workspaces/${ws}/switch`)).status).toBe(200)
    const [row] = await rows<{ actor_kind: string; actor_id: string; details: unknown }>(
      `SELECT actor_kind, actor_id, details FROM audit_log WHERE action = 'session.workspace_switched'`,
    )
    expect(row).toMatchObject({ actor_kind: 'impersonation', actor_id: owner.id })
    expect(JSON.stringify(row?.details)).toContain(ada.id)
    expect((await me()).workspace.id).toBe(ws)
  })

  it('ends after 15 minutes whatever is done meanwhile; the way back still works then', async () => {
    const { start, me, browser, clock, identity, audit, owner, ada } = await setup()
    await start()
    for (let minute = 0; minute < 14; minute++) {
      clock.advance(60_000)
      expect((await me()).impersonation).not.toBeNull()
    }
    clock.advance(60_000 - 1)
    expect((await me()).impersonation).not.toBeNull()
    clock.advance(1)
    expect(await me()).toMatchObject({ code: 'credential_invalid' })
    // Nothing done in that browser falls back on the operator by itself.
    expect((await browser('PATCH', '/api/auth/me', { name: 'x' })).status).toBe(401)
    expect(await identity.endImpersonations()).toBe(1)
    expect(await identity.endImpersonations()).toBe(0)
    expect(await audit('impersonation.ended')).toHaveLength(1)
    const { operator_visits: visits } = (await ada.call('GET', '/api/auth/sessions')).body
    expect(Date.parse(visits[0].ended_at) - Date.parse(visits[0].started_at)).toBe(
      identityPolicy.impersonationMs,
    )
    expect((await browser('DELETE', path)).body).toEqual({ returned: true })
    expect((await me()).user.email).toBe(owner.email)
  })

  it('is for operators’ sessions with a fresh proof, never keys', async () => {
    const { ada, call, firstRun, owner, clock, rows, jar } = await setup()
    const bob = await (await testPeople(installation)).person('bob@example.com')
    const body = { user_id: ada.publicId, reason }
    expect((await bob.call('POST', path, body)).body.code).toBe('operator_required')
    expect((await call('POST', path, { key: firstRun.api_key, body })).body.code).toBe(
      'credential_unsuitable',
    )
    // A key beside the operator's cookie is a key.
    expect((await call('POST', path, { key: firstRun.api_key, jar, body })).status).toBe(403)
    expect((await call('POST', path, { body })).body.code).toBe('credential_missing')
    clock.advance(identityPolicy.recentProofMs + 1)
    expect((await owner.call('POST', path, body)).body.code).toBe('proof_required')
    expect(await rows('SELECT id FROM sessions WHERE impersonator_id IS NOT NULL')).toEqual([])
  })

  it('is never for oneself, another operator, a closed account or nobody, nor without a reason', async () => {
    const { start, owner, ada, person, change } = await setup()
    const other = await person('other@example.com')
    await change('UPDATE users SET operator = 1 WHERE id = $1', [other.id])
    const closed = await person('closed@example.com')
    await change(`UPDATE users SET status = 'disabled' WHERE id = $1`, [closed.id])
    for (const one of [owner, other, closed]) {
      expect((await start(one.publicId)).body.code, one.email).toBe('impersonation_refused')
    }
    expect((await start(`usr_${'0'.repeat(32)}`)).body.code).toBe('user_not_found')
    for (const why of ['too short', ' '.repeat(20), 'x'.repeat(501), 'holds a \0 character']) {
      expect((await start(ada.publicId, why)).body.errors?.[0].pointer, why).toBe('/reason')
    }
  })

  it('ends with the operator’s own session, account or office, and with the person’s account', async () => {
    const { start, me, browser, change, clock, owner, ada, jar } = await setup()
    const own = new Map(jar)
    const ends = async (sql: string, id: string, undo: string) => {
      for (const [name, value] of own) jar.set(name, value)
      expect((await start()).status).toBe(200)
      expect((await me()).user.email).toBe(ada.email)
      await change(sql, [id])
      clock.advance(identityPolicy.credentialCacheMs)
      expect((await me()).code, sql).toBe('credential_invalid')
      await change(undo, [id])
      clock.advance(identityPolicy.credentialCacheMs)
    }
    const set = (what: string) => `UPDATE users SET ${what} WHERE id = $1`
    await ends(set('operator = 0'), owner.id, set('operator = 1'))
    await ends(set(`status = 'disabled'`), owner.id, set(`status = 'active'`))
    await ends(set('operator = 1'), ada.id, set('operator = 0'))
    await ends(set(`status = 'disabled'`), ada.id, set(`status = 'active'`))
    const sessions = (what: string) => `UPDATE sessions SET ${what} WHERE id = $1`
    await ends(sessions('ended_at = 1'), owner.sessionId, sessions('ended_at = 1'))
    // Then there is nothing to go back to.
    expect((await browser('DELETE', path)).body).toEqual({ returned: false })
    expect([...jar.keys()]).toEqual([])
  })

  it('signing out leaves altogether: the operator’s own session ends, too', async () => {
    const { start, browser, call, owner, jar, rows, events } = await setup()
    await start()
    const copy = new Map(jar)
    expect((await browser('POST', '/api/auth/logout')).status).toBe(204)
    expect([...jar.keys()]).toEqual([])
    expect((await call('GET', '/api/auth/me', { jar: copy })).status).toBe(401)
    expect((await owner.call('GET', '/api/auth/me')).status).toBe(401)
    const log = await rows(
      `SELECT actor_kind, actor_id, target_id FROM audit_log WHERE action = 'session.ended'`,
    )
    expect(log).toEqual([{ actor_kind: 'impersonation', actor_id: owner.id, target_id: owner.sessionId }])
    const ended = () => events.filter(({ event }) => event === 'session.ended')
    await until(() => ended().length > 0, { what: 'the event' })
    expect(ended()).toMatchObject([{ actorId: owner.id, details: { reason: 'signed-out' } }])
  })

  it('stopping is for whoever holds both cookies; others change nothing', async () => {
    const { start, call, jar, me, ada } = await setup()
    expect((await ada.call('DELETE', path)).body).toEqual({ returned: true })
    expect((await ada.call('GET', '/api/auth/me')).status).toBe(200)
    await start()
    const acting = jar.get('levqor_session') ?? ''
    const forged = new Map([
      ['levqor_session', acting],
      ['levqor_operator', 'x'.repeat(43)],
    ])
    expect((await call('DELETE', path, { jar: forged })).body.code).toBe('credential_invalid')
    // Another session's secret is no way back from this one.
    const others = new Map([
      ['levqor_session', acting],
      ['levqor_operator', ada.jar.get('levqor_session') ?? ''],
    ])
    await call('DELETE', path, { jar: others })
    expect((await me()).impersonation).not.toBeNull()
    // Nor is the acting session's own.
    const acted = new Map([
      ['levqor_session', acting],
      ['levqor_operator', acting],
    ])
    await call('DELETE', path, { jar: acted })
    expect((await me(acted)).user.email).toBe(ada.email)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call('DELETE', path, { jar: new Map(jar) })),
    )
    expect(new Set(answers.map(({ body }) => body.returned))).toEqual(new Set([true]))
  })

  it('the person is mailed, sees the visit with its reason, ends it, and still sees it afterwards', async () => {
    const { start, ada, mails, me, jar, audit, events, clock, identity } = await setup()
    await start()
    const [mail] = await mails(ada.email)
    expect(mail?.subject).toMatch(/^An operator/)
    expect(mail?.body_text).toContain(reason)
    const { items, operator_visits: visits } = (await ada.call('GET', '/api/auth/sessions')).body
    expect(visits).toMatchObject([{ reason, ended_at: null }])
    const visit = items.find((one: { method: string }) => one.method === 'impersonation')
    expect(visit.id).toBe(visits[0].id)
    clock.advance(60_000)
    expect((await ada.call('DELETE', `/api/auth/sessions/${visit.id}`)).status).toBe(204)
    expect((await me(new Map(jar))).code).toBe('credential_invalid')
    const after = (await ada.call('GET', '/api/auth/sessions')).body.operator_visits
    expect(after).toMatchObject([{ reason, ended_at: new Date(clock.now()).toISOString() }])
    // In the log and as an event it is the end of a visit, and the person's doing.
    const log = await audit('impersonation.ended', 'session.ended')
    expect(log).toMatchObject([{ action: 'impersonation.ended', actor_id: ada.id }])
    const ended = () => events.filter(({ event }) => event === 'impersonation.ended')
    await until(() => ended().length > 0, { what: 'the event' })
    expect(ended()).toMatchObject([{ actorId: ada.id, details: { reason: 'ended-by-owner' } }])
    expect(await identity.endImpersonations()).toBe(0)
  })

  it('ends with all other sessions of the person, too, and is written down as such', async () => {
    const { start, ada, audit } = await setup()
    await start()
    const answer = await ada.call('POST', '/api/auth/sessions/end-others')
    expect(answer.body).toEqual({ ended: 1 })
    const log = await audit('impersonation.ended', 'session.others_ended')
    expect(log.map(({ action }) => action)).toEqual(['impersonation.ended', 'session.others_ended'])
    const [visit] = (await ada.call('GET', '/api/auth/sessions')).body.operator_visits
    expect(visit.ended_at).not.toBeNull()
  })

  it('ends when the operator’s own session is ended elsewhere, and the person sees when that was', async () => {
    const { start, me, ada, owner, signIn, workspaceId, audit, events, clock, identity } = await setup()
    const elsewhere = await signIn(owner.id, workspaceId)
    await start()
    clock.advance(3 * 60_000)
    const endedAt = new Date(clock.now()).toISOString()
    const session = `ses_${owner.sessionId.replaceAll('-', '')}`
    expect((await elsewhere.call('DELETE', `/api/auth/sessions/${session}`)).status).toBe(204)
    expect((await me()).code).toBe('credential_invalid')
    const visits = async () => (await ada.call('GET', '/api/auth/sessions')).body.operator_visits
    expect(await visits()).toMatchObject([{ ended_at: endedAt }])
    expect(await audit('impersonation.ended')).toMatchObject([{ actor_id: owner.id }])
    const ended = () => events.filter(({ event }) => event === 'impersonation.ended')
    await until(() => ended().length > 0, { what: 'the event' })
    expect(ended()).toMatchObject([{ actorId: owner.id, details: { reason: 'own-session-ended' } }])
    clock.advance(identityPolicy.impersonationMs)
    expect(await identity.endImpersonations()).toBe(0)
    expect(await visits()).toMatchObject([{ ended_at: endedAt }])
  })

  it('is written down with the moment it ended, however late that happens', async () => {
    const { start, browser, change, ada, owner, rows, clock, identity, jar } = await setup()
    const own = new Map(jar)
    const begun = clock.now()
    const ends = () =>
      rows<{ ended_at: string; ended_reason: string }>(
        'SELECT ended_at, ended_reason FROM sessions WHERE impersonator_id IS NOT NULL ORDER BY id',
      )
    await start()
    clock.advance(identityPolicy.impersonationMs + 60_000)
    await browser('DELETE', path)
    const first = { ended_at: begun + identityPolicy.impersonationMs, ended_reason: 'time-over' }
    expect(await ends()).toEqual([first])
    // The own session's end came from outside: nothing of it was written down by the way.
    for (const [name, value] of own) jar.set(name, value)
    await change('UPDATE sessions SET proven_at = $1 WHERE id = $2', [String(clock.now()), owner.sessionId])
    expect((await start()).status).toBe(200)
    const endedAt = clock.now() + 1_000
    await change('UPDATE sessions SET ended_at = $1 WHERE id = $2', [String(endedAt), owner.sessionId])
    clock.advance(5 * 60_000)
    expect(await identity.endImpersonations()).toBe(1)
    expect(await identity.endImpersonations()).toBe(0)
    expect(await ends()).toEqual([first, { ended_at: endedAt, ended_reason: 'own-session-ended' }])
    expect((await ada.call('GET', '/api/auth/sessions')).body.operator_visits[0].ended_at).toBe(
      new Date(endedAt).toISOString(),
    )
  })

  it('acts for one at a time: beginning anew ends the earlier one', async () => {
    const { start, call, me, jar, owner, person } = await setup()
    await start()
    const first = new Map(jar)
    jar.clear()
    for (const [name, value] of owner.jar) jar.set(name, value)
    const bob = await person('bob@example.com')
    await start(bob.publicId)
    expect((await me(first)).code).toBe('credential_invalid')
    expect((await me()).user.email).toBe(bob.email)
    // The browser that was left behind finds its way back, too, and takes nothing from the other.
    expect((await call('DELETE', path, { jar: first })).body).toEqual({ returned: true })
    expect((await me(first)).user.email).toBe(owner.email)
    expect((await me()).user.email).toBe(bob.email)
  })

  it('acts for one at a time however many begin at once, and each of them finds its way back', async () => {
    const { call, owner, ada, me, rows, audit, deadlocks } = await setup()
    const before = await deadlocks()
    const jars = Array.from({ length: 5 }, () => new Map(owner.jar))
    const body = { user_id: ada.publicId, reason }
    const answers = await Promise.all(jars.map((jar) => call('POST', path, { jar, body })))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    const open = 'SELECT id FROM sessions WHERE impersonator_id IS NOT NULL AND ended_at IS NULL'
    expect(await rows(open)).toHaveLength(1)
    for (const jar of jars) {
      expect((await call('DELETE', path, { jar })).body).toEqual({ returned: true })
      expect((await me(jar)).user.email).toBe(owner.email)
    }
    expect(await rows(open)).toEqual([])
    expect(await audit('impersonation.ended')).toHaveLength(5)
    expect((await deadlocks()) - before).toBe(0)
  })

  it('begins for nobody whose account, and from no session, that ends in the same moment', async () => {
    const { owner, ada, signIn, workspaceId, rows, deadlocks } = await setup()
    const before = await deadlocks()
    const body = { user_id: ada.publicId, reason }
    const open = 'SELECT id FROM sessions WHERE impersonator_id IS NOT NULL AND ended_at IS NULL'
    const account = (status: string) => owner.call('PATCH', `/api/v1/users/${ada.publicId}`, { status })
    for (let round = 0; round < 8; round++) {
      const from = await signIn(owner.id, workspaceId)
      const session = `/api/auth/sessions/ses_${from.sessionId.replaceAll('-', '')}`
      await Promise.all([
        from.call('POST', path, body),
        round % 2 === 0 ? owner.call('DELETE', session) : account('disabled'),
      ])
      expect(await rows(open), `round ${round}`).toEqual([])
      await account('active')
    }
    expect((await deadlocks()) - before).toBe(0)
  })

  it('sends no mail where the policy says so', async () => {
    const { start, ada, mails } = await setup({ mailImpersonated: false })
    expect((await start()).status).toBe(200)
    expect(await mails(ada.email)).toEqual([])
  })

  it('does nothing sensitive', async () => {
    const { start, browser, ada, me, rows } = await setup()
    await start()
    const home = (await me()).workspace.id
    const before = await rows('SELECT * FROM users ORDER BY id')
    for (const [method, to, body] of [
      ['POST', '/api/auth/email', { email: 'x@example.com' }],
      ['PATCH', '/api/auth/me', { name: 'x' }],
      ['POST', '/api/auth/account/deletion', undefined],
      ['POST', '/api/auth/password', { current: 'x', password: 'correct horse battery staple' }],
      ['POST', '/api/auth/sessions/end-others', undefined],
      ['POST', '/api/v1/api-keys', { name: 'x' }],
      ['POST', `/api/v1/workspaces/${home}/invitations`, { email: 'x@example.com', role: 'admin' }],
      ['POST', `/api/v1/workspaces/${home}/transfer`, { user_id: ada.publicId }],
      ['POST', path, { user_id: ada.publicId, reason }],
    ] as const) {
      expect((await browser(method, to, body)).body.code, to).toBe('not_while_impersonating')
    }
    expect(await rows('SELECT * FROM users ORDER BY id')).toEqual(before)
    expect((await ada.call('GET', '/api/auth/me')).status).toBe(200)
  })
})
