// Where somebody is signed in: listed, named and ended, and ended means out.
import { until } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { type TestInstallation, testInstallation, tokenOf } from '../test-installation.ts'
import { eachSessionStyle } from './test-session-styles.ts'

const path = '/api/auth/sessions'

eachSessionStyle((store, style) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store, style)
    const { call, rows } = installation
    const person = { email: 'ada@example.com', password: 'correct horse battery staple' }
    const registering = new Map<string, string>()
    await call('POST', '/api/auth/register', { body: person, jar: registering })
    const mail = () => rows<{ body_text: string }>('SELECT body_text FROM mail_outbox')
    await until(async () => (await mail()).length > 0, { what: 'the mail' })
    const token = tokenOf(/http:\S+/.exec((await mail())[0]?.body_text ?? '')?.[0] ?? '')
    await call('POST', '/api/auth/verify-email', { body: { token }, jar: registering })
    const signIn = async (agent: string) => {
      const jar = new Map<string, string>()
      await call('POST', '/api/auth/login', { body: person, jar, headers: { 'user-agent': agent } })
      return jar
    }
    const firefox = await signIn('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')
    installation.clock.advance(1_000)
    const phone = await signIn('Mozilla/5.0 (iPhone) AppleWebKit/605 Safari/604')
    return { ...installation, signIn, firefox, phone }
  }

  it('are listed, last used first, without secrets, and the current one is marked', async () => {
    const { call, firefox } = await setup()
    const { status, body } = await call('GET', path, { jar: firefox })
    expect(status).toBe(200)
    expect(body.items).toMatchObject([
      { device: 'Safari on iOS', current: false, method: 'password', name: null },
      { device: 'Firefox on Linux', current: true, network: expect.stringMatching(/^address_/) },
    ])
    expect(JSON.stringify(body)).not.toContain(firefox.get(style.cookie))
  })

  it('one is ended: out at once, here and in a second process; the rest goes on', async () => {
    const { call, firefox, phone, rows, secondProcess } = await setup()
    const other = await secondProcess()
    expect((await other.call('GET', path, { jar: phone })).status).toBe(200)
    const [{ id }] = (await call('GET', path, { jar: firefox })).body.items
    expect((await call('DELETE', `${path}/${id}`, { jar: firefox })).status).toBe(204)
    expect((await call('GET', path, { jar: phone })).status).toBe(401)
    await until(async () => (await other.call('GET', path, { jar: phone })).status === 401, {
      what: 'the other process to know',
      timeoutMs: 1_000,
    })
    expect((await call('GET', path, { jar: firefox })).body.items).toHaveLength(1)
    // Ending it again changes nothing and says nothing new.
    expect((await call('DELETE', `${path}/${id}`, { jar: firefox })).status).toBe(204)
    const audit = await rows<{ action: string }>("SELECT * FROM audit_log WHERE action = 'session.ended'")
    expect(audit).toHaveLength(1)
  })

  it('one that is only watched is not in use: it ends by its idleness, and the page that lies open is told', async () => {
    const { call, firefox, phone, clock, rows } = await setup()
    const seen = async () => {
      const sessions = await rows<{ last_seen_at: number }>('SELECT last_seen_at FROM sessions ORDER BY id')
      return sessions.map((session) => Number(session.last_seen_at))
    }
    const watch = (jar: Map<string, string>) => call('GET', '/api/auth/session', { jar })
    const [, before] = await seen()
    clock.advance(5 * 60_000)
    expect((await watch(phone)).status).toBe(200)
    // What this one leaves behind is written together with whatever the other has left.
    expect((await call('GET', '/api/auth/me', { jar: firefox })).status).toBe(200)
    await until(async () => (await seen())[0] === clock.now(), { what: 'the use to be written' })
    expect((await seen())[1]).toBe(before)
    clock.advance(7 * 86_400_000 - 5 * 60_000)
    expect((await watch(phone)).status).toBe(401)
    expect((await watch(new Map())).status).toBe(401)
  })

  it('one tells a page that lies open whose it is and where it acts, at once when another tab has moved it', async () => {
    const { call, firefox, phone } = await setup()
    const watch = async (jar: Map<string, string>) => (await call('GET', '/api/auth/session', { jar })).body
    const { user, workspace } = (await call('GET', '/api/auth/me', { jar: firefox })).body
    const mine = (await call('GET', path, { jar: firefox })).body.items.find(
      ({ current }: { current: boolean }) => current,
    )
    expect(await watch(firefox)).toEqual({
      session_id: mine.id,
      user_id: user.id,
      workspace_id: workspace.id,
    })
    const made = (await call('POST', '/api/v1/workspaces', { jar: firefox, body: { name: 'Second one' } }))
      .body
    await call('POST', `/api/v1/workspaces/${made.id}/switch`, { jar: firefox })
    expect(await watch(firefox)).toEqual({ session_id: mine.id, user_id: user.id, workspace_id: made.id })
    // The other session stays where it was.
    expect(await watch(phone)).toMatchObject({ user_id: user.id, workspace_id: workspace.id })
  })

  it('all others are ended at once', async () => {
    const { call, firefox, phone, signIn } = await setup()
    const third = await signIn('curl/8')
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call('POST', `${path}/end-others`, { jar: firefox })),
    )
    expect(answers.reduce((sum, { body }) => sum + body.ended, 0)).toBe(2)
    for (const jar of [phone, third]) expect((await call('GET', path, { jar })).status).toBe(401)
    expect((await call('GET', path, { jar: firefox })).body.items).toHaveLength(1)
  })

  it('has a name if its owner gives it one', async () => {
    const { call, firefox, rows } = await setup()
    const mine = (await call('GET', path, { jar: firefox })).body.items[1]
    const named = await call('PATCH', `${path}/${mine.id}`, { jar: firefox, body: { name: ' Study ' } })
    expect(named).toMatchObject({ status: 200, body: { id: mine.id, name: 'Study', current: true } })
    const bare = await call('PATCH', `${path}/${mine.id}`, { jar: firefox, body: { name: null } })
    expect(bare.body.name).toBeNull()
    for (const name of ['', ' ', 'x'.repeat(61), 7]) {
      expect((await call('PATCH', `${path}/${mine.id}`, { jar: firefox, body: { name } })).status).toBe(400)
    }
    expect(await rows("SELECT id FROM audit_log WHERE action = 'session.named'")).toHaveLength(2)
  })

  it('nobody else’s can be seen, named or ended', async () => {
    const { call, firefox, phone, firstRun, rows } = await setup()
    const admin = new Map<string, string>()
    await call('POST', '/api/auth/magic-link/verify', {
      body: { token: tokenOf(firstRun.sign_in_link) },
      jar: admin,
    })
    expect((await call('GET', path, { jar: admin })).body.items).toHaveLength(1)
    for (const { id } of (await call('GET', path, { jar: firefox })).body.items) {
      expect((await call('DELETE', `${path}/${id}`, { jar: admin })).status).toBe(404)
      expect((await call('PATCH', `${path}/${id}`, { jar: admin, body: { name: 'x' } })).status).toBe(404)
    }
    await call('POST', `${path}/end-others`, { jar: admin })
    expect((await call('GET', path, { jar: phone })).status).toBe(200)
    expect(await rows('SELECT id FROM sessions WHERE ended_at IS NOT NULL')).toEqual([])
    expect((await call('GET', path, { key: firstRun.api_key })).status).toBe(403)
  })
})
