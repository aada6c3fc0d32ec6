import { toPublicId } from '@levqor/client'
import { asSystem } from '@levqor/database/system'
import { type WorkspaceRole, workspaceRoles } from '@levqor/server'
import { eachStore, until } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { identityPolicy } from '../identity-policy.ts'
import { type TestInstallation, testInstallation } from '../test-installation.ts'
import { type Person, testPeople } from '../workspaces/test-people.ts'

const path = '/api/v1/workspaces'

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store)
    const people = await testPeople(installation)
    const { ws, owner } = people
    const members = `${path}/${ws}/members`
    const rolesOf = async () =>
      Object.fromEntries(
        (await owner.call('GET', `${members}?limit=100`)).body.items.map(
          (item: { email: string; role: string }) => [item.email, item.role],
        ),
      )
    return { ...installation, ...people, members, rolesOf }
  }

  it('members see one another, page by page; viewers do not', async () => {
    const { person, members, ws, workspaceId } = await setup()
    const ada = await person('ada@example.com', 'member', { name: 'Ada' })
    const viewer = await person('viewer@example.com', 'viewer')
    await person('stranger@example.com')
    const first = await ada.call('GET', `${members}?limit=2`)
    expect(first.body).toMatchObject({
      items: [
        { email: 'admin@example.com', role: 'owner', name: null },
        { user_id: ada.publicId, email: 'ada@example.com', role: 'member', name: 'Ada' },
      ],
      has_more: true,
    })
    const second = await ada.call('GET', `${members}?limit=2&cursor=${first.body.next_cursor}`)
    expect(second.body).toMatchObject({ items: [{ email: 'viewer@example.com' }], next_cursor: null })
    expect((await viewer.call('GET', members)).status).toBe(403)
    expect(toPublicId('ws', workspaceId)).toBe(ws)
  })

  it('people manage those below them, owners everybody: every role on every role, to every role', async () => {
    const { person, members, rolesOf, database } = await setup()
    const set = (target: Person, role: WorkspaceRole) =>
      asSystem(database).transaction((tx) =>
        tx.run('UPDATE memberships SET role = $1 WHERE user_id = $2', [role, target.id]),
      )
    const target = await person('target@example.com', 'viewer')
    const rank = (role: WorkspaceRole) => workspaceRoles.indexOf(role)
    for (const mine of workspaceRoles) {
      const me = await person(`${mine}@roles.example.com`, mine)
      for (const from of workspaceRoles) {
        for (const to of workspaceRoles) {
          await set(target, from)
          const may = mine === 'owner' || (mine === 'admin' && rank(from) < 2 && rank(to) < 2)
          const { status, body } = await me.call('PATCH', `${members}/${target.publicId}`, { role: to })
          const what = `${mine}: ${from} → ${to}`
          expect([status, body.code], what).toEqual(may ? [200, undefined] : [403, 'forbidden'])
          expect((await rolesOf())['target@example.com'], what).toBe(may ? to : from)
        }
        const removable = mine === 'owner' || (mine === 'admin' && rank(from) < 2)
        const gone = await person(`${mine}-removes-${from}@example.com`, from)
        const { status } = await me.call('DELETE', `${members}/${gone.publicId}`)
        expect(status, `${mine} removes ${from}`).toBe(removable ? 204 : 403)
      }
    }
  }, 60_000)

  it('nobody raises their own role; lowering it is allowed', async () => {
    const { person, members, ws, rolesOf } = await setup()
    for (const role of ['viewer', 'member', 'admin'] as const) {
      const me = await person(`${role}@roles.example.com`, role)
      for (const wanted of workspaceRoles.slice(workspaceRoles.indexOf(role) + 1)) {
        const raised = await me.call('PATCH', `${members}/${me.publicId}`, { role: wanted })
        expect(raised.status, `${role} → ${wanted}`).toBe(403)
      }
      expect((await me.call('POST', `${path}/${ws}/transfer`, { user_id: me.publicId })).status).toBe(403)
      expect((await rolesOf())[me.email]).toBe(role)
      if (role !== 'admin') continue
      const lowered = await me.call('PATCH', `${members}/${me.publicId}`, { role: 'member' })
      expect(lowered).toMatchObject({ status: 200, body: { role: 'member' } })
      expect((await me.call('PATCH', `${members}/${me.publicId}`, { role: 'admin' })).status).toBe(403)
    }
  })

  it('a new role counts at once here and within a second elsewhere, is audited once, and told by mail', async () => {
    const { person, members, owner, mails, audit, secondProcess, clock, workspaceId } = await setup()
    const ada = await person('ada@example.com', 'member')
    const other = await secondProcess()
    const role = async () => (await other.call('GET', '/api/auth/me', { jar: ada.jar })).body.workspace.role
    expect(await role()).toBe('member')
    const change = () => owner.call('PATCH', `${members}/${ada.publicId}`, { role: 'viewer' })
    const answers = await Promise.all(Array.from({ length: 100 }, change))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect((await ada.call('GET', members)).status).toBe(403)
    clock.advance(identityPolicy.credentialCacheMs)
    expect(await role()).toBe('viewer')
    expect(await audit('member.role_changed')).toEqual([
      { action: 'member.role_changed', workspace_id: workspaceId, actor_id: owner.id },
    ])
    const told = await mails('ada@example.com')
    expect(told).toHaveLength(1)
    expect(told[0]?.subject).toBe('Your role in “First workspace” has changed')
    for (const part of [told[0]?.body_text, told[0]?.body_html]) {
      expect(part).toContain('Your role in the workspace “First workspace” is now: viewer.')
      expect(part).toContain('You can look at jobs and workflows.')
    }
  })

  it('a demoted admin cannot go on elsewhere with what a cache still believes', async () => {
    const { person, members, owner, secondProcess, rolesOf } = await setup()
    const admin = await person('admin2@example.com', 'admin')
    const ada = await person('ada@example.com', 'member')
    const other = await secondProcess()
    expect((await other.call('GET', members, { jar: admin.jar })).status).toBe(200)
    await owner.call('PATCH', `${members}/${admin.publicId}`, { role: 'viewer' })
    // The clock stands still: the other process may believe the old role, the row is asked all the same.
    const tried = await other.call('DELETE', `${members}/${ada.publicId}`, { jar: admin.jar })
    expect(tried).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect((await rolesOf())['ada@example.com']).toBe('member')
  })

  describe('the last owner', () => {
    it('cannot leave, be removed or be demoted', async () => {
      const { owner, members, ws, person, rolesOf, rows } = await setup()
      await person('admin2@example.com', 'admin')
      const me = `${members}/${owner.publicId}`
      for (const answer of [
        await owner.call('POST', `${path}/${ws}/leave`),
        await owner.call('DELETE', me),
        await owner.call('PATCH', me, { role: 'admin' }),
      ]) {
        expect(answer).toMatchObject({ status: 409, body: { code: 'last_owner' } })
      }
      // An owner whose account is closed is none.
      const second = await person('second@example.com', 'owner')
      await asSystem(installation.database).transaction((tx) =>
        tx.run(`UPDATE users SET status = 'disabled' WHERE id = $1`, [second.id]),
      )
      expect((await owner.call('POST', `${path}/${ws}/leave`)).body.code).toBe('last_owner')
      const heir = await owner.call('POST', `${path}/${ws}/transfer`, { user_id: second.publicId })
      expect(heir.body.code).toBe('last_owner')
      expect((await rolesOf())['admin@example.com']).toBe('owner')
      expect(await rows(`SELECT id FROM audit_log WHERE action LIKE 'member.%'`)).toEqual([])
    })

    it('of two owners who leave at once, one goes and one stays', async () => {
      const { owner, person, ws, audit } = await setup()
      let first: Person = owner
      for (let round = 0; round < 10; round++) {
        const second = await person(`owner${round}@example.com`, 'owner')
        const answers = await Promise.all(
          [first, second].map((one) => one.call('POST', `${path}/${ws}/leave`)),
        )
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
        expect(answers.find(({ status }) => status === 409)?.body.code).toBe('last_owner')
        if (answers[0]?.status === 200) first = second
      }
      expect(await audit('member.left')).toHaveLength(10)
    })

    it('of two owners who remove or demote one another at once, one stays owner', async () => {
      const { owner, person, members, rows, workspaceId } = await setup()
      const second = await person('second@example.com', 'owner')
      const answers = await Promise.all([
        owner.call('PATCH', `${members}/${second.publicId}`, { role: 'viewer' }),
        second.call('DELETE', `${members}/${owner.publicId}`),
      ])
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1)
      expect(
        await rows(`SELECT user_id FROM memberships WHERE workspace_id = $1 AND role = 'owner'`, [
          workspaceId,
        ]),
      ).toHaveLength(1)
    })
  })

  it('a workspace is transferred: the heir is owner, the giver admin, and the heir is told', async () => {
    const { owner, person, ws, members, rolesOf, mails, audit } = await setup()
    const ada = await person('ada@example.com', 'viewer')
    const stranger = await person('stranger@example.com')
    const give = (to: string) => owner.call('POST', `${path}/${ws}/transfer`, { user_id: to })
    expect((await give(stranger.publicId)).status).toBe(404)
    expect((await give(owner.publicId)).status).toBe(409)
    const answers = await Promise.all(Array.from({ length: 100 }, () => give(ada.publicId)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(99)
    expect(answers.find(({ status }) => status === 200)?.body).toMatchObject({ id: ws, role: 'admin' })
    expect((await ada.call('GET', members)).status).toBe(200)
    expect(await rolesOf()).toEqual({ 'ada@example.com': 'owner', 'admin@example.com': 'admin' })
    const told = await mails('ada@example.com')
    expect(told.map(({ subject }) => subject)).toEqual(['You are now an owner of “First workspace”'])
    expect(told[0]?.body_text).toContain('You can do everything')
    expect(await mails('stranger@example.com')).toEqual([])
    expect((await audit('member.role_changed', 'workspace.transferred')).map(({ action }) => action)).toEqual(
      ['member.role_changed', 'member.role_changed', 'workspace.transferred'],
    )
  })

  it('an old proof makes nobody admin or owner, takes it from no owner and invites no admin; the rest it may', async () => {
    const { person, members, ws, clock, rolesOf, signIn, workspaceId, owner } = await setup()
    const ada = await person('ada@example.com', 'member')
    const second = await person('second@example.com', 'owner')
    const admin = await person('admin2@example.com', 'admin')
    const invitations = `${path}/${ws}/invitations`
    clock.advance(identityPolicy.recentProofMs + 1)
    const before = await rolesOf()
    const sensitive = [
      ['PATCH', `${members}/${ada.publicId}`, { role: 'owner' }],
      ['PATCH', `${members}/${ada.publicId}`, { role: 'admin' }],
      ['PATCH', `${members}/${admin.publicId}`, { role: 'owner' }],
      ['PATCH', `${members}/${second.publicId}`, { role: 'viewer' }],
      ['PATCH', `${members}/${owner.publicId}`, { role: 'viewer' }],
      ['DELETE', `${members}/${second.publicId}`, undefined],
      ['POST', invitations, { email: 'new@example.com', role: 'admin' }],
    ] as const
    for (const [method, address, body] of sensitive) {
      expect(await owner.call(method, address, body), `${method} ${JSON.stringify(body)}`).toMatchObject({
        status: 403,
        body: { code: 'proof_required' },
      })
    }
    expect(await rolesOf()).toEqual(before)
    expect((await owner.call('GET', invitations)).body.items).toEqual([])
    // Who may not at all is not asked to prove anything, and foreign workspaces are not there.
    const forbidden = await admin.call('PATCH', `${members}/${ada.publicId}`, { role: 'owner' })
    expect(forbidden).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    const stranger = await person('stranger@example.com')
    for (const [method, address, body] of sensitive)
      expect((await stranger.call(method, address, body)).status).toBe(404)
    const lowered = await owner.call('PATCH', `${members}/${admin.publicId}`, { role: 'viewer' })
    expect(lowered.status).toBe(200)
    const invited = await owner.call('POST', invitations, { email: 'new@example.com', role: 'member' })
    expect(invited.status).toBe(201)
    expect((await owner.call('DELETE', `${members}/${admin.publicId}`)).status).toBe(204)
    const fresh = await signIn(owner.id, workspaceId)
    const allowed = [
      await fresh.call('PATCH', `${members}/${ada.publicId}`, { role: 'owner' }),
      await fresh.call('DELETE', `${members}/${second.publicId}`),
      await fresh.call('POST', invitations, { email: 'other@example.com', role: 'admin' }),
    ]
    expect(allowed.map(({ status }) => status)).toEqual([200, 204, 201])
  })

  describe('a removed member', () => {
    it('reads nothing any more, in any process; their sessions elsewhere go on; they are told', async () => {
      const { owner, person, signIn, members, secondProcess, clock, mails, audit, events, workspaceId } =
        await setup()
      const ada = await person('ada@example.com', 'member')
      const home = (await ada.call('POST', path, { name: 'Home' })).body.id
      const elsewhere = await signIn(ada.id, workspaceId)
      await elsewhere.call('POST', `${path}/${home}/switch`)
      const other = await secondProcess()
      const there = async () => (await other.call('GET', members, { jar: ada.jar })).status
      expect(await there()).toBe(200)
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => owner.call('DELETE', `${members}/${ada.publicId}`)),
      )
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 404)).toHaveLength(99)
      expect((await ada.call('GET', members)).status).toBe(401)
      clock.advance(identityPolicy.credentialCacheMs)
      expect(await there()).toBe(401)
      expect((await elsewhere.call('GET', '/api/auth/me')).body.workspace.id).toBe(home)
      expect((await elsewhere.call('POST', `${path}/${toPublicId('ws', workspaceId)}/switch`)).status).toBe(
        404,
      )
      expect(await audit('member.removed')).toEqual([
        { action: 'member.removed', workspace_id: workspaceId, actor_id: owner.id },
      ])
      const told = await mails('ada@example.com')
      expect(told.map(({ subject }) => subject)).toEqual(['You were removed from “First workspace”'])
      for (const part of [told[0]?.body_text, told[0]?.body_html]) {
        expect(part).toContain('You are no longer a member of the workspace “First workspace”.')
      }
      await until(() => events.some(({ event }) => event === 'session.ended'), { what: 'the event' })
    })

    it('loses the keys that they made in the workspace, for good', async () => {
      const { owner, person, members, call, rows, database, events, secondProcess, clock, workspaceId } =
        await setup()
      const admin = await person('admin2@example.com', 'admin')
      const { secret, id } = (await admin.call('POST', '/api/v1/api-keys', { name: 'CI' })).body
      const other = await secondProcess()
      const use = async () => (await call('GET', '/api/v1/api-keys', { key: secret })).status
      const there = async () => (await other.call('GET', '/api/v1/api-keys', { key: secret })).status
      expect([await use(), await there()]).toEqual([200, 200])
      await owner.call('DELETE', `${members}/${admin.publicId}`)
      expect(await use()).toBe(401)
      clock.advance(identityPolicy.credentialCacheMs)
      expect(await there()).toBe(401)
      const [row] = await rows<{ revoked_reason: string }>(
        'SELECT revoked_reason FROM api_keys WHERE name = $1',
        ['CI'],
      )
      expect(row?.revoked_reason).toBe('maker_left')
      const listed = (await owner.call('GET', '/api/v1/api-keys')).body.items
      expect(listed.find((key: { id: string }) => key.id === id).revoked_at).not.toBeNull()
      // Coming back does not bring them back.
      await asSystem(database).transaction((tx) =>
        tx.run(
          `INSERT INTO memberships (workspace_id, user_id, role, created_at) VALUES ($1, $2, 'owner', 1)`,
          [workspaceId, admin.id],
        ),
      )
      clock.advance(identityPolicy.credentialCacheMs)
      expect(await use()).toBe(401)
      await until(() => events.some(({ event }) => event === 'key.revoked'), { what: 'the event' })
    })

    it('who belonged nowhere else gets a workspace of their own, so that they can sign in again', async () => {
      const { owner, person, members, rows, audit } = await setup()
      const ada = await person('ada@example.com', 'member')
      await owner.call('DELETE', `${members}/${ada.publicId}`)
      expect(await rows('SELECT role FROM memberships WHERE user_id = $1', [ada.id])).toEqual([
        { role: 'owner' },
      ])
      expect(await audit('workspace.created')).toMatchObject([{ actor_id: owner.id }])
    })
  })

  it('a key is worth no more than its maker: without membership nothing, with a lower role less', async () => {
    const { person, members, owner, call, database, clock, workspaceId } = await setup()
    const admin = await person('admin2@example.com', 'admin')
    const { secret } = (await admin.call('POST', '/api/v1/api-keys', { name: 'CI' })).body
    const list = async () => (await call('GET', '/api/v1/api-keys', { key: secret })).body
    const make = async () =>
      (await call('POST', '/api/v1/api-keys', { key: secret, body: { name: 'x' } })).body.code
    expect([(await list()).items.length, await make()]).toEqual([2, undefined])
    await owner.call('PATCH', `${members}/${admin.publicId}`, { role: 'member' })
    expect([(await list()).items.length, await make()]).toEqual([3, 'scope_missing'])
    await owner.call('PATCH', `${members}/${admin.publicId}`, { role: 'viewer' })
    expect((await list()).code).toBe('scope_missing')
    // The wall behind the revocation: a key whose maker's membership vanished in any other way.
    await asSystem(database).transaction((tx) =>
      tx.run('DELETE FROM memberships WHERE workspace_id = $1 AND user_id = $2', [workspaceId, admin.id]),
    )
    clock.advance(identityPolicy.credentialCacheMs)
    expect((await list()).code).toBe('credential_invalid')
  })

  describe('who leaves', () => {
    it('goes on in another of their workspaces with this session; the others end', async () => {
      const { person, signIn, ws, workspaceId, audit, mails, members, owner } = await setup()
      const ada = await person('ada@example.com', 'admin')
      const home = (await ada.call('POST', path, { name: 'Home' })).body.id
      const { secret } = (await ada.call('POST', '/api/v1/api-keys', { name: 'CI' })).body
      const phone = await signIn(ada.id, workspaceId)
      const left = await ada.call('POST', `${path}/${ws}/leave`)
      expect(left).toMatchObject({ status: 200, body: { id: home, role: 'owner', current: true } })
      expect((await ada.call('GET', '/api/auth/me')).body.workspace.id).toBe(home)
      expect((await ada.call('GET', members)).status).toBe(404)
      expect((await phone.call('GET', '/api/auth/me')).status).toBe(401)
      expect((await installation.call('GET', '/api/auth/me', { key: secret })).status).toBe(401)
      expect(await audit('member.left')).toEqual([
        { action: 'member.left', workspace_id: workspaceId, actor_id: ada.id },
      ])
      expect(await mails('ada@example.com')).toEqual([])
      expect((await owner.call('GET', members)).body.items).toHaveLength(1)
    })

    it('their last workspace gets one of their own; a hundred parallel leaves are one', async () => {
      const { person, ws, rows, audit } = await setup()
      const ada = await person('ada@example.com', 'viewer')
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => ada.call('POST', `${path}/${ws}/leave`)),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(
        new Set(answers.map(({ status }) => status)).isSubsetOf(new Set([200, 401, 404])),
        JSON.stringify(answers.map(({ status }) => status)),
      ).toBe(true)
      expect((await ada.call('GET', '/api/auth/me')).body.workspace).toMatchObject({
        name: 'My workspace',
        role: 'owner',
      })
      expect(await rows('SELECT role FROM memberships WHERE user_id = $1', [ada.id])).toHaveLength(1)
      expect(await audit('member.left', 'workspace.created')).toHaveLength(2)
    })
  })

  it('members of other workspaces are not there', async () => {
    const { owner, person, members, ws } = await setup()
    const stranger = await person('stranger@example.com')
    for (const [method, at, body] of [
      ['PATCH', `${members}/${stranger.publicId}`, { role: 'viewer' }],
      ['DELETE', `${members}/${stranger.publicId}`],
      ['DELETE', `${members}/usr_${'0'.repeat(32)}`],
      ['DELETE', `${members}/nonsense`],
      ['POST', `${path}/${ws}/transfer`, { user_id: stranger.publicId }],
    ] as const) {
      expect((await owner.call(method, at, body)).status, at).toBe(404)
    }
    const bad = await owner.call('PATCH', `${members}/${owner.publicId}`, { role: 'emperor' })
    expect(bad).toMatchObject({ status: 400, body: { code: 'validation_failed' } })
  })
  it('removals beside requests for deletion never wait for one another in a circle', async () => {
    const { person, members, owner, deadlocks } = await setup()
    const before = await deadlocks()
    const going: Person[] = []
    for (let i = 0; i < 20; i += 1) going.push(await person(`going${i}@example.com`, 'owner'))
    const answers = await Promise.all(
      going.map((one) =>
        Promise.all([
          one.call('POST', '/api/auth/account/deletion'),
          owner.call('DELETE', `${members}/${one.publicId}`),
        ]),
      ),
    )
    for (const [asked, removed] of answers) {
      expect(removed.status).toBe(204)
      expect([200, 401]).toContain(asked.status)
    }
    expect(await deadlocks()).toBe(before)
  })
})
