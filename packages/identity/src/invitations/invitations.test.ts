import { asSystem } from '@levqor/database/system'
import { eachStore } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { identityPolicy } from '../identity-policy.ts'
import { hashSecret, newToken } from '../secrets/opaque-token.ts'
import { type TestInstallation, testInstallation, tokenOf } from '../test-installation.ts'
import { type Person, testPeople } from '../workspaces/test-people.ts'

const path = '/api/v1/workspaces'
const accept = `${path}/invitations/accept`
const look = `${path}/invitations/look`
const day = 86_400_000

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store)
    const people = await testPeople(installation)
    const { ws, owner, mails } = people
    const invitations = `${path}/${ws}/invitations`
    const invite = (email: string, role = 'member', by: Person = owner) =>
      by.call('POST', invitations, { email, role })
    const linkOf = async (email: string) => {
      const text = (await mails(email)).at(-1)?.body_text ?? ''
      return /http:\S+/.exec(text)?.[0] ?? 'http://nowhere/#token=none'
    }
    const tokenFor = async (email: string, role = 'member') => {
      await invite(email, role)
      return tokenOf(await linkOf(email))
    }
    return { ...installation, ...people, invitations, invite, linkOf, tokenFor }
  }

  it('somebody is invited, looks, accepts and is a member', async () => {
    const {
      owner,
      person,
      invite,
      invitations,
      linkOf,
      mails,
      call,
      ws,
      workspaceId,
      audit,
      rows,
      clock,
      logLines,
    } = await setup()
    const made = await invite('Ada@Example.com')
    const id = made.body.id
    const expires_at = new Date(clock.now() + identityPolicy.invitationMs).toISOString()
    expect(made).toMatchObject({
      status: 201,
      body: { email: 'ada@example.com', role: 'member', invited_by: 'admin@example.com', expires_at },
    })
    expect((await owner.call('GET', invitations)).body.items).toEqual([made.body])

    const [mail] = await mails('ada@example.com')
    const link = await linkOf('ada@example.com')
    expect(link).toMatch(/^http:\/\/levqor\.test\/invitation#token=[\w-]{43}$/)
    expect(mail?.subject).toBe('Invitation to “First workspace”')
    expect(mail?.body_html).toContain(`<a class="button" href="${link}">`)
    for (const part of [mail?.body_text, mail?.body_html]) {
      expect(part).toContain('admin@example.com invites you to the workspace “First workspace”')
      expect(part).toContain('in the role: member.')
      expect(part).toContain('ignore this mail')
    }
    const token = tokenOf(link)
    // No account is needed to look, and nothing is consumed by it.
    for (let i = 0; i < 2; i++) {
      expect(await call('POST', look, { body: { token } })).toMatchObject({
        status: 200,
        body: { workspace: 'First workspace', role: 'member', invited_by: null },
      })
    }
    const ada = await person('ada@example.com')
    expect((await ada.call('GET', look)).status).toBe(405)
    const accepted = await ada.call('POST', accept, { token })
    expect(accepted).toMatchObject({ status: 200, body: { id: ws, role: 'member', current: false } })
    await ada.call('POST', `${path}/${ws}/switch`)
    expect((await ada.call('GET', `${path}/${ws}/members`)).body.items).toHaveLength(2)
    expect((await owner.call('GET', invitations)).body.items).toEqual([])
    expect(await audit('invitation.created', 'invitation.accepted')).toEqual([
      { action: 'invitation.created', workspace_id: workspaceId, actor_id: owner.id },
      { action: 'invitation.accepted', workspace_id: workspaceId, actor_id: ada.id },
    ])
    const stored = JSON.stringify([
      await rows('SELECT * FROM invitations'),
      await rows('SELECT * FROM audit_log'),
      made.body,
    ])
    expect(stored).not.toContain(token)
    expect(stored).toContain(hashSecret(token))
    expect(logLines.length).toBeGreaterThan(4)
    for (const secret of [token, 'ada@example.com']) expect(logLines.join('')).not.toContain(secret)
    expect(id).toMatch(/^inv_[0-9a-f]{32}$/)
  })

  it('whoever looks learns the workspace’s name, the role and the inviter’s name, nothing else', async () => {
    const { person, invite, linkOf, call } = await setup()
    const grace = await person('grace@example.com', 'admin', { name: 'Grace' })
    await invite('ada@example.com', 'viewer', grace)
    const { body } = await call('POST', look, { body: { token: tokenOf(await linkOf('ada@example.com')) } })
    expect(body).toEqual({ workspace: 'First workspace', role: 'viewer', invited_by: 'Grace' })
  })

  it('a hundred parallel accepts make one membership and one audit row, and all get the same answer', async () => {
    const { person, tokenFor, audit, rows, workspaceId } = await setup()
    const token = await tokenFor('ada@example.com')
    const ada = await person('ada@example.com')
    const answers = await Promise.all(Array.from({ length: 100 }, () => ada.call('POST', accept, { token })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(await audit('invitation.accepted')).toHaveLength(1)
    expect(
      await rows('SELECT role FROM memberships WHERE workspace_id = $1 AND user_id = $2', [
        workspaceId,
        ada.id,
      ]),
    ).toEqual([{ role: 'member' }])
  })

  it('of accepting and withdrawing at once, one wins and the other is told', async () => {
    const { owner, person, invite, linkOf, invitations, rows } = await setup()
    for (let round = 0; round < 10; round++) {
      const email = `p${round}@example.com`
      const { id } = (await invite(email)).body
      const someone = await person(email)
      const [accepted, withdrawn] = await Promise.all([
        linkOf(email).then((link) => someone.call('POST', accept, { token: tokenOf(link) })),
        owner.call('DELETE', `${invitations}/${id}`),
      ])
      const outcome = [accepted.status, withdrawn.status]
      expect([JSON.stringify([200, 410]), JSON.stringify([410, 204])]).toContain(JSON.stringify(outcome))
      expect(
        await rows(`SELECT role FROM memberships WHERE user_id = $1 AND role = 'member'`, [someone.id]),
      ).toHaveLength(accepted.status === 200 ? 1 : 0)
    }
  })

  describe('is bound to its mailbox', () => {
    it('somebody else is refused, and told nothing about it', async () => {
      const { person, tokenFor, call, rows, owner, invitations } = await setup()
      const token = await tokenFor('ada@example.com')
      const eve = await person('eve@example.com')
      const refused = await eve.call('POST', accept, { token })
      expect(refused).toMatchObject({ status: 403, body: { code: 'invitation_other_mailbox' } })
      expect(JSON.stringify(refused.body)).not.toMatch(/ada@|First workspace/)
      // The same when it is used up: what became of it is nobody else's business either.
      await owner.call('DELETE', `${invitations}/${(await owner.call('GET', invitations)).body.items[0].id}`)
      expect((await eve.call('POST', accept, { token })).body.code).toBe('invitation_other_mailbox')
      expect((await call('POST', accept, { body: { token } })).status).toBe(401)
      expect(await rows('SELECT accepted_by FROM invitations')).toEqual([{ accepted_by: null }])
    })

    it('an account with the right address that was never verified has to verify it first', async () => {
      const { person, tokenFor, database } = await setup()
      const token = await tokenFor('ada@example.com')
      const ada = await person('ada@example.com', undefined, { verified: false })
      expect(await ada.call('POST', accept, { token })).toMatchObject({
        status: 403,
        body: { code: 'email_unverified' },
      })
      await asSystem(database).transaction((tx) =>
        tx.run('UPDATE users SET email_verified_at = 1 WHERE id = $1', [ada.id]),
      )
      expect((await ada.call('POST', accept, { token })).status).toBe(200)
    })
  })

  describe('ends', () => {
    it('when it was used: once, also for the same person after they have left', async () => {
      const { person, tokenFor, owner, ws, call } = await setup()
      const token = await tokenFor('ada@example.com')
      const ada = await person('ada@example.com')
      await ada.call('POST', accept, { token })
      expect((await call('POST', look, { body: { token } })).body.code).toBe('invitation_used')
      await owner.call('DELETE', `${path}/${ws}/members/${ada.publicId}`)
      expect(await ada.call('POST', accept, { token })).toMatchObject({
        status: 410,
        body: { code: 'invitation_used' },
      })
    })

    it('after exactly seven days', async () => {
      const { person, tokenFor, clock, call } = await setup()
      const token = await tokenFor('ada@example.com')
      const ends = clock.now() + 7 * day
      clock.set(ends - 1)
      expect((await call('POST', look, { body: { token } })).status).toBe(200)
      clock.set(ends)
      const ada = await person('ada@example.com')
      for (const at of [look, accept]) {
        expect(await ada.call('POST', at, { token })).toMatchObject({
          status: 410,
          body: { code: 'invitation_expired' },
        })
      }
    })

    it('when it is withdrawn, once however often one asks', async () => {
      const { person, owner, invite, linkOf, invitations, audit, workspaceId } = await setup()
      const { id } = (await invite('ada@example.com')).body
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => owner.call('DELETE', `${invitations}/${id}`)),
      )
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]))
      expect(await audit('invitation.withdrawn')).toEqual([
        { action: 'invitation.withdrawn', workspace_id: workspaceId, actor_id: owner.id },
      ])
      const ada = await person('ada@example.com')
      const token = tokenOf(await linkOf('ada@example.com'))
      for (const at of [look, accept]) {
        expect(await ada.call('POST', at, { token })).toMatchObject({
          status: 410,
          body: { code: 'invitation_withdrawn' },
        })
      }
    })

    it('with the right of who sent it: removed, they leave none behind; demoted, none above them', async () => {
      const { owner, person, invite, members, linkOf, call } = await withMembers()
      const admin = await person('admin2@example.com', 'admin')
      const second = await person('second@example.com', 'owner')
      await invite('a@example.com', 'member', admin)
      await invite('b@example.com', 'admin', second)
      await invite('c@example.com', 'member', second)
      await owner.call('PATCH', `${members}/${second.publicId}`, { role: 'admin' })
      await owner.call('DELETE', `${members}/${admin.publicId}`)
      const state = async (email: string) =>
        (await call('POST', look, { body: { token: tokenOf(await linkOf(email)) } })).body.code
      expect([
        await state('a@example.com'),
        await state('b@example.com'),
        await state('c@example.com'),
      ]).toEqual(['invitation_withdrawn', 'invitation_withdrawn', undefined])
    })

    async function withMembers() {
      const all = await setup()
      return { ...all, members: `${path}/${all.ws}/members` }
    }

    it('and is invalid when the token is anything else', async () => {
      const { call, tokenFor } = await setup()
      const token = await tokenFor('ada@example.com')
      const flipped = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`
      for (const wrong of [newToken().text, flipped, 'x'.repeat(43), `${token}A`, 'é'.repeat(30)]) {
        expect(await call('POST', look, { body: { token: wrong } }), wrong).toMatchObject({
          status: 400,
          body: { code: 'invitation_invalid' },
        })
      }
      expect((await call('POST', look, { body: { token: 'short' } })).body.code).toBe('validation_failed')
    })
  })

  it('who may invite whom: every role to every role', async () => {
    const { person, invite, invitations } = await setup()
    const allowed: Record<string, readonly string[]> = {
      owner: ['viewer', 'member', 'admin'],
      admin: ['viewer', 'member'],
      member: [],
      viewer: [],
    }
    for (const mine of ['owner', 'admin', 'member', 'viewer'] as const) {
      const me = await person(`${mine}@roles.example.com`, mine)
      for (const role of ['viewer', 'member', 'admin']) {
        const { status } = await invite(`${mine}-${role}@example.com`, role, me)
        expect(status, `${mine} invites ${role}`).toBe(allowed[mine]?.includes(role) ? 201 : 403)
      }
      expect((await invite('x@example.com', 'owner', me)).status).toBe(400)
      const listed = await me.call('GET', invitations)
      expect(listed.status, mine).toBe(allowed[mine]?.length ? 200 : 403)
    }
    // An admin can neither withdraw nor repeat what is above them.
    const admin = await person('second@roles.example.com', 'admin')
    const items: { id: string; role: string }[] = (await admin.call('GET', `${invitations}?limit=100`)).body
      .items
    const above = items.find(({ role }) => role === 'admin')
    expect((await admin.call('DELETE', `${invitations}/${above?.id}`)).status).toBe(403)
    expect((await admin.call('POST', `${invitations}/${above?.id}/resend`)).status).toBe(403)
  })

  it('inviting tells nothing about accounts: known and unknown addresses get the same answer and the same mail', async () => {
    const { person, invite, mails } = await setup()
    await person('known@example.com')
    const known = await invite('known@example.com')
    const fresh = await invite('fresh@example.com')
    const shape = ({ status, headers, body }: typeof known) => ({
      status,
      headers: [...headers.keys()].filter((name) => !name.startsWith('x-ratelimit')).sort(),
      body: { ...body, id: '', email: '' },
    })
    expect(shape(known)).toEqual(shape(fresh))
    const said = async (email: string) =>
      (await mails(email)).map(({ subject, body_text }) => [
        subject,
        body_text.replaceAll(email, '').replace(/#token=\S+/, ''),
      ])
    expect(await said('known@example.com')).toEqual(await said('fresh@example.com'))
  })

  it('a member is not invited again; an open invitation is one however often it is asked for', async () => {
    const { invite, mails, person, audit } = await setup()
    await person('member@example.com', 'member')
    expect((await invite('member@example.com')).body.code).toBe('already_member')
    const answers = await Promise.all(Array.from({ length: 100 }, () => invite('ada@example.com')))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1)
    expect(await mails('ada@example.com')).toHaveLength(1)
    expect(await audit('invitation.created')).toHaveLength(1)
    expect(await invite('ada@example.com', 'admin')).toMatchObject({
      status: 409,
      body: { code: 'already_invited' },
    })
  })

  it('who came in another way keeps their role', async () => {
    const { person, tokenFor, ws } = await setup()
    const token = await tokenFor('ada@example.com', 'viewer')
    const ada = await person('ada@example.com', 'admin')
    expect((await ada.call('POST', accept, { token })).body).toMatchObject({ id: ws, role: 'admin' })
  })

  it('is sent once more: a new link, the old one is dead, a hundred clicks are one', async () => {
    const { owner, invite, linkOf, invitations, mails, call, audit, clock, workspaceId } = await setup()
    const { id } = (await invite('ada@example.com')).body
    const old = tokenOf(await linkOf('ada@example.com'))
    // Also one that has expired.
    clock.advance(8 * day)
    const admin = await testPeople(installation).then(({ signIn }) => signIn(owner.id, workspaceId))
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => admin.call('POST', `${invitations}/${id}/resend`)),
    )
    const [sent, ...others] = answers.filter(({ status }) => status === 201)
    expect(others).toEqual([])
    expect(answers.filter(({ body }) => body.code === 'invitation_withdrawn')).toHaveLength(99)
    expect(await mails('ada@example.com')).toHaveLength(2)
    const state = async (token: string) => (await call('POST', look, { body: { token } })).body.code
    expect(await state(old)).toBe('invitation_withdrawn')
    expect(await state(tokenOf(await linkOf('ada@example.com')))).toBeUndefined()
    expect((await admin.call('GET', invitations)).body.items).toEqual([sent?.body])
    expect(await audit('invitation.resent')).toEqual([
      { action: 'invitation.resent', workspace_id: workspaceId, actor_id: owner.id },
    ])
  })

  describe('limits', () => {
    it('one workspace mails one address so often a day, then says when it may again', async () => {
      const { owner, invite, invitations, mails, clock } = await setup()
      const { invitationMailsPerAddress } = identityPolicy
      let { id } = (await invite('ada@example.com')).body
      for (let i = 1; i < invitationMailsPerAddress; i++) {
        clock.advance(1_000)
        const sent = await owner.call('POST', `${invitations}/${id}/resend`)
        expect(sent.status).toBe(201)
        id = sent.body.id
      }
      const refused = await owner.call('POST', `${invitations}/${id}/resend`)
      expect(refused).toMatchObject({ status: 429, body: { code: 'invitation_mails_exhausted' } })
      expect(refused.headers.get('retry-after')).toBe(String(86_400 - (invitationMailsPerAddress - 1)))
      expect(await mails('ada@example.com')).toHaveLength(invitationMailsPerAddress)
      // Refused, the old invitation is as it was.
      expect((await owner.call('GET', invitations)).body.items[0].id).toBe(id)
      clock.advance(day - (invitationMailsPerAddress - 1) * 1_000 - 1)
      expect((await owner.call('POST', `${invitations}/${id}/resend`)).status).toBe(429)
      clock.advance(1)
      expect((await owner.call('POST', `${invitations}/${id}/resend`)).status).toBe(201)
    })

    it('a mailbox gets only so many a day from all workspaces; who invites next sees no difference', async () => {
      const { person, mails } = await setup()
      const { invitationMailsPerMailbox } = identityPolicy
      const bodies = []
      for (let i = 0; i <= invitationMailsPerMailbox; i++) {
        const host = await person(`host${i}@example.com`)
        const home = (await host.call('GET', '/api/auth/me')).body.workspace.id
        const answer = await host.call('POST', `${path}/${home}/invitations`, {
          email: 'ada@example.com',
          role: 'member',
        })
        bodies.push([answer.status, Object.keys(answer.body)])
      }
      expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1)
      expect(await mails('ada@example.com')).toHaveLength(invitationMailsPerMailbox)
    })

    it('a workspace has so many open or made within a day, also when it asks for all at once', async () => {
      const { owner, invite, invitations, clock, workspaceId } = await setup()
      const { invitationsPerWorkspace } = identityPolicy
      const ask = (from: number, count: number) =>
        Promise.all(Array.from({ length: count }, (_, i) => invite(`p${from + i}@example.com`)))
      const answers = await ask(0, invitationsPerWorkspace + 5)
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(invitationsPerWorkspace)
      expect(answers.filter(({ body }) => body.code === 'too_many_invitations')).toHaveLength(5)
      // Withdrawing makes no room for more mails on the same day.
      const some = (await owner.call('GET', invitations)).body.items[0].id
      await owner.call('DELETE', `${invitations}/${some}`)
      expect((await invite('late@example.com')).body.code).toBe('too_many_invitations')
      clock.advance(day - 1)
      const { call } = await testPeople(installation).then(({ signIn }) => signIn(owner.id, workspaceId))
      const next = (email: string) => call('POST', invitations, { email, role: 'member' })
      expect((await next('late@example.com')).body.code).toBe('too_many_invitations')
      clock.advance(1)
      expect((await next('late@example.com')).status).toBe(201)
      expect((await next('later@example.com')).body.code).toBe('too_many_invitations')
    })
  })

  it('pages through the open invitations, newest first', async () => {
    const { owner, invite, invitations } = await setup()
    for (let i = 0; i < 5; i++) await invite(`p${i}@example.com`)
    const emails: string[] = []
    let cursor = ''
    do {
      const { body } = await owner.call('GET', `${invitations}?limit=2${cursor && `&cursor=${cursor}`}`)
      emails.push(...body.items.map((item: { email: string }) => item.email))
      cursor = body.next_cursor ?? ''
    } while (cursor)
    expect(emails).toEqual([4, 3, 2, 1, 0].map((i) => `p${i}@example.com`))
  })

  it('another workspace’s invitation is not there', async () => {
    const { owner, person, invitations, linkOf } = await setup()
    const host = await person('host@example.com')
    const home = (await host.call('GET', '/api/auth/me')).body.workspace.id
    const { id } = (
      await host.call('POST', `${path}/${home}/invitations`, { email: 'ada@example.com', role: 'member' })
    ).body
    expect((await owner.call('DELETE', `${invitations}/${id}`)).status).toBe(404)
    expect((await owner.call('POST', `${invitations}/${id}/resend`)).status).toBe(404)
    expect((await owner.call('DELETE', `${invitations}/inv_${'0'.repeat(32)}`)).status).toBe(404)
    expect((await owner.call('DELETE', `${invitations}/nonsense`)).status).toBe(404)
    const ada = await person('ada@example.com')
    const token = tokenOf(await linkOf('ada@example.com'))
    expect((await ada.call('POST', accept, { token })).status).toBe(200)
  })

  it('refuses addresses and roles that are none', async () => {
    const { invite } = await setup()
    for (const email of [
      '',
      'ada',
      'ada@',
      'a b@example.com',
      'ada@example.com\0',
      `${'x'.repeat(250)}@e.com`,
    ]) {
      expect((await invite(email)).body.code, email).toBe('validation_failed')
    }
    expect((await invite('ada@example.com', 'emperor')).body.code).toBe('validation_failed')
  })
})
