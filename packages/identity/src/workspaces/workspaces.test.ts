import { fromPublicId } from '@levqor/client'
import { eachStore } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { identityPolicy } from '../identity-policy.ts'
import { type TestInstallation, testInstallation } from '../test-installation.ts'
import { testPeople } from './test-people.ts'

const path = '/api/v1/workspaces'

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup(options?: Parameters<typeof testInstallation>[1]) {
    installation = await testInstallation(store, options)
    return { ...installation, ...(await testPeople(installation)) }
  }

  it('a new workspace is its maker’s, furnished in the same transaction, and the session stays where it was', async () => {
    const furnished: string[] = []
    const { person, audit, ws, firstRun } = await setup({
      furnishWorkspace: async (tx, id) => {
        // Reads what is not committed yet: the very transaction that makes it.
        const [row] = await tx.query<{ name: string }>('SELECT name FROM workspaces WHERE id = $1', [id])
        furnished.push(row?.name ?? 'nothing')
      },
    })
    const ada = await person('ada@example.com', 'viewer')
    const made = await ada.call('POST', path, { name: '  Engines ' })
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'Engines', role: 'owner', current: false, created_at: expect.any(String) },
    })
    expect(furnished).toEqual(['First workspace', 'Engines'])
    expect((await ada.call('GET', '/api/auth/me')).body.workspace.id).toBe(firstRun.workspace_id)
    const { body: list } = await ada.call('GET', path)
    expect(list).toMatchObject({
      items: [
        { id: ws, role: 'viewer', current: true },
        { id: made.body.id, role: 'owner', current: false },
      ],
      has_more: false,
    })
    expect((await ada.call('GET', `${path}/${made.body.id}`)).body).toEqual(list.items[1])
    expect(await audit('workspace.created')).toEqual([
      {
        action: 'workspace.created',
        workspace_id: fromPublicId('ws', made.body.id),
        actor_id: ada.id,
      },
    ])
  })

  it('when it cannot be furnished, it is not made', async () => {
    let broken = false
    const { owner, rows } = await setup({
      furnishWorkspace: async () => {
        if (broken) throw new Error('out of furniture')
      },
    })
    broken = true
    expect((await owner.call('POST', path, { name: 'Bare' })).status).toBe(500)
    expect(await rows('SELECT id FROM workspaces')).toHaveLength(1)
    expect(await rows('SELECT user_id FROM memberships')).toHaveLength(1)
  })

  it('a person owns at most so many, also when they ask for a hundred at once', async () => {
    const { owner, person, rows } = await setup()
    const { workspacesPerPerson } = identityPolicy
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => owner.call('POST', path, { name: `number ${i}` })),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(workspacesPerPerson - 1)
    expect(answers.filter(({ body }) => body.code === 'too_many_workspaces')).toHaveLength(
      101 - workspacesPerPerson,
    )
    expect(await rows('SELECT id FROM workspaces')).toHaveLength(workspacesPerPerson)
    // Workspaces of others, in which one is a member, do not count.
    const guest = await person('guest@example.com', 'member')
    expect((await guest.call('POST', path, { name: 'mine' })).status).toBe(201)
  })

  it('pages through the caller’s workspaces and shows nobody else’s', async () => {
    const { owner, person } = await setup()
    await person('stranger@example.com')
    for (const name of ['b', 'c', 'd']) await owner.call('POST', path, { name })
    const names: string[] = []
    let cursor = ''
    do {
      const { body } = await owner.call('GET', `${path}?limit=2${cursor && `&cursor=${cursor}`}`)
      names.push(...body.items.map((item: { name: string }) => item.name))
      cursor = body.next_cursor ?? ''
      expect(body.has_more).toBe(cursor !== '')
    } while (cursor)
    expect(names).toEqual(['First workspace', 'b', 'c', 'd'])
    expect((await owner.call('GET', `${path}?cursor=x`)).body.code).toBe('bad_cursor')
  })

  it('admins rename the workspace that they are in, and no other', async () => {
    const { owner, person, ws, audit, workspaceId } = await setup()
    const admin = await person('admin2@example.com', 'admin')
    const member = await person('member@example.com', 'member')
    const own = (await admin.call('POST', path, { name: 'Mine' })).body.id
    expect((await member.call('PATCH', `${path}/${ws}`, { name: 'x' })).status).toBe(403)
    expect(await admin.call('PATCH', `${path}/${ws}`, { name: 'Renamed' })).toMatchObject({
      status: 200,
      body: { id: ws, name: 'Renamed', role: 'admin', current: true },
    })
    expect((await owner.call('GET', '/api/auth/me')).body.workspace.name).toBe('Renamed')
    // A tab that was left open on another workspace changes nothing by mistake.
    expect((await admin.call('PATCH', `${path}/${own}`, { name: 'Oops' })).status).toBe(404)
    expect((await admin.call('GET', `${path}/${own}`)).body.name).toBe('Mine')
    expect((await admin.call('PATCH', `${path}/${ws}`, { name: 'Renamed' })).status).toBe(200)
    expect(await audit('workspace.renamed')).toEqual([
      { action: 'workspace.renamed', workspace_id: workspaceId, actor_id: admin.id },
    ])
  })

  it('names are one line of 1 to 60 characters', async () => {
    const { owner, ws } = await setup()
    const cases: readonly (readonly [unknown, string])[] = [
      [undefined, 'required'],
      [7, 'wrong_type'],
      [' ', 'too_small'],
      ['x'.repeat(61), 'too_big'],
      ['a\nb', 'invalid_value'],
      ['a\u2028b', 'invalid_value'],
      ['a\0b', 'invalid_value'],
      ['\ud800', 'invalid_value'],
    ]
    for (const [name, code] of cases) {
      for (const [method, at] of [
        ['POST', path],
        ['PATCH', `${path}/${ws}`],
      ] as const) {
        const { status, body } = await owner.call(method, at, { name })
        expect([status, body.errors[0].code], `${method} ${String(name)}`).toEqual([400, code])
      }
    }
    expect((await owner.call('PATCH', `${path}/${ws}`, { name: 'é'.repeat(60) })).status).toBe(200)
  })

  it('a session moves to another workspace of its person, at once in every process, and other sessions stay', async () => {
    const { person, signIn, workspaceId, ws, audit, secondProcess, clock } = await setup()
    const ada = await person('ada@example.com', 'member')
    const phone = await signIn(ada.id, workspaceId)
    const other = await secondProcess()
    const there = async () => (await other.call('GET', '/api/auth/me', { jar: ada.jar })).body.workspace
    expect((await there()).id).toBe(ws)
    const own = (await ada.call('POST', path, { name: 'Mine' })).body.id
    const moved = await ada.call('POST', `${path}/${own}/switch`)
    expect(moved).toMatchObject({ status: 200, body: { id: own, role: 'owner', current: true } })
    expect((await ada.call('GET', '/api/auth/me')).body.workspace).toMatchObject({ id: own, role: 'owner' })
    clock.advance(identityPolicy.credentialCacheMs)
    expect(await there()).toMatchObject({ id: own, role: 'owner' })
    expect((await phone.call('GET', '/api/auth/me')).body.workspace.id).toBe(ws)
    expect((await ada.call('POST', `${path}/${own}/switch`)).status).toBe(200)
    expect(await audit('session.workspace_switched')).toEqual([
      {
        action: 'session.workspace_switched',
        workspace_id: fromPublicId('ws', own),
        actor_id: ada.id,
      },
    ])
  })

  it('a hundred parallel switches are one', async () => {
    const { person, audit } = await setup()
    const ada = await person('ada@example.com', 'member')
    const own = (await ada.call('POST', path, { name: 'Mine' })).body.id
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => ada.call('POST', `${path}/${own}/switch`)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await audit('session.workspace_switched')).toHaveLength(1)
  })

  it('somebody else’s workspace is not there', async () => {
    const { owner, person } = await setup()
    const stranger = await person('stranger@example.com')
    const theirs = (await stranger.call('GET', '/api/auth/me')).body.workspace.id
    for (const [method, at, body] of [
      ['GET', theirs],
      ['PATCH', theirs, { name: 'x' }],
      ['POST', `${theirs}/switch`],
      ['POST', `${theirs}/leave`],
      ['GET', `${theirs}/members`],
      ['GET', `${theirs}/invitations`],
      ['GET', `ws_${'0'.repeat(32)}`],
      ['GET', 'nonsense'],
    ] as const) {
      const answer = await owner.call(method, `${path}/${at}`, body)
      expect(answer, `${method} ${at}`).toMatchObject({ status: 404, body: { code: 'not_found' } })
    }
  })

  it('is for people: a key is turned away', async () => {
    const { call, firstRun, ws } = await setup()
    for (const [method, at] of [
      ['GET', ''],
      ['GET', `/${ws}/members`],
      ['POST', `/${ws}/leave`],
    ] as const) {
      const { status } = await call(method, path + at, { key: firstRun.api_key })
      expect([401, 403], at).toContain(status)
    }
  })
})
