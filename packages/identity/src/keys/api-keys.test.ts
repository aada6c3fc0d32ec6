import { asSystem } from '@levqor/database/system'
import { runVerb } from '@levqor/server'
import { eachStore, until } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { type TestInstallation, testInstallation } from '../test-installation.ts'
import { apiKeyHash, newApiKey } from './api-key-format.ts'
import { createApiKey } from './create-api-key.ts'

const path = '/api/v1/api-keys'

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store)
    const { call, firstRun } = installation
    const first = firstRun.api_key
    const make = async (name = 'CI', key = first) => (await call('POST', path, { key, body: { name } })).body
    return { ...installation, first, make }
  }

  it('a key is shown once, works at once in both headers, and is kept as a digest', async () => {
    const { call, make, rows } = await setup()
    const { secret, id, prefix, last_used_at, revoked_at } = await make('CI')
    expect({ last_used_at, revoked_at }).toEqual({ last_used_at: null, revoked_at: null })
    expect(secret.startsWith(prefix)).toBe(true)
    expect((await call('GET', '/api/auth/me', { key: secret })).status).toBe(200)
    expect((await call('GET', '/api/auth/me', { headers: { 'x-api-key': secret } })).status).toBe(200)
    expect(
      (await call('GET', '/api/auth/me', { headers: { authorization: `bearer ${secret}` } })).status,
    ).toBe(200)
    const list = await call('GET', path, { key: secret })
    expect(list.body.items[0]).toMatchObject({ id, name: 'CI', prefix })
    expect(JSON.stringify(list.body)).not.toContain(secret)
    const [row] = await rows<{ key_hash: string }>('SELECT * FROM api_keys WHERE display_prefix = $1', [
      prefix,
    ])
    expect(row?.key_hash).toBe(apiKeyHash(secret))
    expect(JSON.stringify(row)).not.toContain(secret)
  })

  it('a revoked key is refused at once, by all requests after the answer, under constant use', async () => {
    const { call, make, rows, events } = await setup()
    const { secret, id } = await make()
    let revoked = false
    const late: number[] = []
    const users = Array.from({ length: 8 }, async () => {
      for (let i = 0; i < 40; i++) {
        const sentAfter = revoked
        const { status } = await call('GET', '/api/auth/me', { key: secret })
        if (sentAfter) late.push(status)
      }
    })
    const answer = await call('DELETE', `${path}/${id}`, { key: (await make('other')).secret })
    revoked = true
    await Promise.all(users)
    expect(answer).toMatchObject({ status: 200, body: { id, revoked_at: expect.any(String) } })
    expect(new Set(late)).toEqual(new Set([401]))

    const again = await call('DELETE', `${path}/${id}`, { key: (await make('third')).secret })
    expect(again).toMatchObject({ status: 200, body: { revoked_at: answer.body.revoked_at } })
    const audit = await rows<{ action: string }>(
      `SELECT action FROM audit_log WHERE action LIKE 'api_key.%' ORDER BY id`,
    )
    expect(audit.map(({ action }) => action)).toEqual([
      'api_key.created',
      'api_key.created',
      'api_key.revoked',
      'api_key.created',
    ])
    await until(() => events.some(({ event }) => event === 'key.revoked'), { what: 'the event' })
  })

  it('a key revoked in one process is refused in another within a second', async () => {
    const { call, clock, make, first, secondProcess } = await setup()
    const other = await secondProcess()
    const { secret, id } = await make()
    expect((await other.call('GET', '/api/auth/me', { key: secret })).status).toBe(200)
    await call('DELETE', `${path}/${id}`, { key: first })
    clock.advance(1_000)
    expect((await other.call('GET', '/api/auth/me', { key: secret })).status).toBe(401)
  })

  it('malformed, mistyped, unknown and revoked keys get one and the same answer', async () => {
    const { call, make, first } = await setup()
    const { secret, id } = await make()
    await call('DELETE', `${path}/${id}`, { key: first })
    const typo = `${first.slice(0, -1)}${first.endsWith('A') ? 'B' : 'A'}`
    const answers = await Promise.all(
      [secret, typo, newApiKey().text, 'nonsense', 'é'.normalize('NFD').slice(0, 1)].map((key) =>
        call('GET', path, { key }),
      ),
    )
    const basic = await call('GET', path, { headers: { authorization: 'Basic YTpi' } })
    for (const { status, body, headers } of [...answers, basic]) {
      expect({ status, ...body, request_id: '' }).toEqual({
        ...answers[0]?.body,
        status: 401,
        request_id: '',
      })
      expect(body.code).toBe('credential_invalid')
      expect(headers.get('www-authenticate')).toBe('Bearer')
    }
    expect(await call('GET', path)).toMatchObject({ status: 401, body: { code: 'credential_missing' } })
  })

  it('a typing error costs no look-up', async () => {
    const { database, first, call } = await setup()
    await asSystem(database).transaction((tx) => tx.run('ALTER TABLE api_keys RENAME TO out_of_reach'))
    const typo = `${first.slice(0, -1)}${first.endsWith('A') ? 'B' : 'A'}`
    expect((await call('GET', path, { key: typo })).status).toBe(401)
    expect((await call('GET', path, { key: newApiKey().text })).status).toBe(500)
  })

  it('a key may do what its maker may do, and no more', async () => {
    const { call, make, rows, first, firstRun, clock } = await setup()
    const scopesOf = async (prefix: string) =>
      JSON.parse(
        (await rows<{ scopes: string }>('SELECT scopes FROM api_keys WHERE display_prefix = $1', [prefix]))[0]
          ?.scopes ?? '',
      )
    const child = await make('child')
    expect(await scopesOf(child.prefix)).toContain('ops:write')
    const grandchild = await make('grandchild', child.secret)
    const [row] = await rows<{ created_by: string }>(
      'SELECT created_by FROM api_keys WHERE display_prefix = $1',
      [grandchild.prefix],
    )
    const [user] = await rows<{ id: string }>('SELECT id FROM users')
    expect(row?.created_by).toBe(user?.id)
    expect((await call('GET', '/api/auth/me', { key: grandchild.secret })).body).toMatchObject({
      user: null,
      operator: true,
      workspace: { id: firstRun.workspace_id },
    })

    await asSystem(installation.database).transaction(async (tx) => {
      await tx.run('UPDATE users SET operator = 0')
      await tx.run(`UPDATE api_keys SET scopes = '["jobs:read"]' WHERE display_prefix = $1`, [child.prefix])
    })
    clock.advance(1_000)
    expect((await call('GET', '/api/auth/me', { key: first })).body.operator).toBe(false)
    expect(await call('POST', path, { key: child.secret, body: { name: 'x' } })).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    })
  })

  it('another workspace’s key is not there: 404 to revoke, absent from the list', async () => {
    const { call, make, first, database, clock } = await setup()
    const { id } = await make()
    const foreign = database.ids.next()
    await asSystem(database).transaction(async (tx) => {
      await tx.run(`INSERT INTO workspaces (id, name, plan, created_at) VALUES ($1, 'Other', 'free', $2)`, [
        foreign,
        clock.now(),
      ])
      await tx.run('UPDATE api_keys SET workspace_id = $1 WHERE name = $2', [foreign, 'CI'])
    })
    expect(await call('DELETE', `${path}/${id}`, { key: first })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    })
    expect((await call('GET', path, { key: first })).body.items).toHaveLength(1)
    expect((await call('DELETE', `${path}/key_${'0'.repeat(32)}`, { key: first })).status).toBe(404)
    expect((await call('DELETE', `${path}/nonsense`, { key: first })).status).toBe(404)
  })

  it('pages through all keys, newest first, and refuses a cursor of its own making', async () => {
    const { call, make, first } = await setup()
    for (let i = 0; i < 5; i++) await make(`key ${i}`)
    const names: string[] = []
    let cursor = ''
    do {
      const page = (await call('GET', `${path}?limit=2${cursor && `&cursor=${cursor}`}`, { key: first })).body
      names.push(...page.items.map((item: { name: string }) => item.name))
      cursor = page.next_cursor ?? ''
      expect(page.has_more).toBe(cursor !== '')
    } while (cursor)
    expect(names).toEqual(['key 4', 'key 3', 'key 2', 'key 1', 'key 0', 'First key'])
    expect(await call('GET', `${path}?cursor=nonsense`, { key: first })).toMatchObject({
      status: 400,
      body: { code: 'bad_cursor' },
    })
  })

  it('a workspace has at most a hundred live keys', async () => {
    const { call, database, identity, first, rows } = await setup()
    const [key] = await rows<{ id: string; workspace_id: string }>('SELECT id, workspace_id FROM api_keys')
    const actor = {
      kind: 'apiKey',
      id: key?.id ?? '',
      workspaceId: key?.workspace_id ?? '',
      scopes: ['api-keys:write'],
      operator: false,
    } as const
    const runtime = { database, clock: database.clock, ids: database.ids, services: identity.services }
    const log = { error: () => undefined } as never
    for (let i = 1; i < 100; i++) {
      await runVerb(runtime, createApiKey, { actor, requestId: 'r', log }, { name: `key ${i}` })
    }
    const refused = await call('POST', path, { key: first, body: { name: 'one too many' } })
    expect(refused).toMatchObject({ status: 409, body: { code: 'too_many_keys' } })
  })

  it('refuses bad names and unknown fields, naming the problem', async () => {
    const { call, first } = await setup()
    const cases: readonly (readonly [object, string])[] = [
      [{}, '/name required'],
      [{ name: '  ' }, '/name too_small'],
      [{ name: 'x'.repeat(101) }, '/name too_big'],
      [{ name: 7 }, '/name wrong_type'],
      [{ name: 'x', scopes: ['*'] }, '/scopes/0 invalid_value'],
      [{ name: 'x', scopes: [] }, '/scopes too_small'],
      [{ name: 'x', mode: 'prod' }, '/mode invalid_value'],
      [{ name: 'x', expires_at: 'tomorrow' }, '/expires_at invalid_format'],
      [{ name: 'x', allowed_addresses: [] }, '/allowed_addresses too_small'],
      [{ name: 'x', owner: 'me' }, '/owner unknown_field'],
    ]
    for (const [body, problem] of cases) {
      const answer = await call('POST', path, { key: first, body })
      expect(answer.status).toBe(400)
      const found = answer.body.errors.map((e: { pointer: string; code: string }) => `${e.pointer} ${e.code}`)
      expect(found).toEqual([problem])
    }
  })

  describe('last use', () => {
    it('is written in batches, at most once a minute, never on the request', async () => {
      const { call, clock, first, identity, rows } = await setup()
      const lastUse = async () => {
        const [row] = await rows<{ last_used_at: number | null }>('SELECT last_used_at FROM api_keys')
        return row?.last_used_at
      }
      await call('GET', '/api/auth/me', { key: first })
      const used = clock.now()
      expect(await lastUse()).toBeNull()
      await identity.stop()
      expect(await lastUse()).toBe(used)

      clock.advance(59_999)
      await call('GET', '/api/auth/me', { key: first })
      await identity.stop()
      expect(await lastUse()).toBe(used)
      clock.advance(1)
      await call('GET', '/api/auth/me', { key: first })
      await identity.stop()
      expect(await lastUse()).toBe(used + 60_000)
    })
  })
})
