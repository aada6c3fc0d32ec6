// What a key may do, until when and from where – also when the credential is remembered.
import { workspaceScopes } from '@levqor/client'
import { asSystem } from '@levqor/database/system'
import { eachStore, until } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { type TestInstallation, testInstallation } from '../test-installation.ts'

const path = '/api/v1/api-keys'
const mePath = '/api/auth/me'

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store)
    const { call, firstRun } = installation
    const first = firstRun.api_key
    const create = (body: object, key = first) => call('POST', path, { key, body: { name: 'CI', ...body } })
    const statusOf = async (key: string, from?: string) =>
      (await call('GET', mePath, { key, ...(from === undefined ? {} : { from }) })).status
    const problems = async (body: object, key = first) => {
      const answer = await create(body, key)
      expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } })
      return answer.body.errors.map((e: { pointer: string; code: string }) => `${e.pointer} ${e.code}`)
    }
    return { ...installation, first, create, statusOf, problems }
  }

  it('a test key is a key like any other that looks like a test key', async () => {
    const { create, statusOf, call, first } = await setup()
    const { body } = await create({ mode: 'test' })
    expect(body).toMatchObject({ mode: 'test', prefix: expect.stringMatching(/^lvk_test_.{4}$/) })
    expect(body.secret).toMatch(/^lvk_test_/)
    expect(await statusOf(body.secret)).toBe(200)
    const [listed] = (await call('GET', path, { key: first })).body.items
    expect(listed).toMatchObject({ mode: 'test', prefix: body.prefix })
  })

  describe('scopes', () => {
    it('a key has the scopes that were asked for, each once, and the list shows them', async () => {
      const { create, call, first } = await setup()
      const { body } = await create({ scopes: ['jobs:read', 'jobs:write', 'jobs:read'] })
      expect(body.scopes).toEqual(['jobs:read', 'jobs:write'])
      expect((await call('GET', path, { key: first })).body.items[0].scopes).toEqual(body.scopes)
      expect(await call('GET', path, { key: body.secret })).toMatchObject({
        status: 403,
        body: { code: 'scope_missing' },
      })
    })

    it('no key gives what it lacks: every problem is named at once', async () => {
      const { create, problems } = await setup()
      const weak = (await create({ scopes: ['api-keys:write', 'jobs:read'] })).body.secret
      expect(
        await problems(
          { scopes: ['jobs:read', 'jobs:write', 'ops:read'], expires_at: '2020-01-01T00:00:00Z' },
          weak,
        ),
      ).toEqual(['/scopes/1 scope_not_held', '/scopes/2 scope_not_held', '/expires_at in_the_past'])
      const child = await create({}, weak)
      expect(child.body.scopes).toEqual(['api-keys:write', 'jobs:read'])
    })

    it('a person who is no operator gives no operator’s scopes, and everything of the workspace', async () => {
      const { call, firstRun, database } = await setup()
      const jar = new Map<string, string>()
      const token = new URL(firstRun.sign_in_link).hash.replace('#token=', '')
      const signedIn = await call('POST', '/api/auth/magic-link/verify', { body: { token }, jar })
      expect(signedIn.status).toBe(200)
      await asSystem(database).transaction((tx) => tx.run('UPDATE users SET operator = 0'))
      installation.clock.advance(1_000)
      const headers = { origin: 'http://levqor.test' }
      const asked = (scopes?: readonly string[]) =>
        call('POST', path, { jar, headers, body: { name: 'mine', ...(scopes ? { scopes } : {}) } })
      expect((await asked(['ops:read'])).body.errors).toMatchObject([
        { pointer: '/scopes/0', code: 'scope_not_held' },
      ])
      expect((await asked()).body.scopes).toEqual(workspaceScopes)
    })
  })

  describe('expiry', () => {
    it('is exact to the millisecond, also while the key is remembered', async () => {
      const { create, clock, statusOf } = await setup()
      const expiresAt = clock.now() + 60_500
      const { body } = await create({ expires_at: new Date(expiresAt).toISOString() })
      expect(body.expires_at).toBe(new Date(expiresAt).toISOString())
      clock.advance(60_000)
      expect(await statusOf(body.secret)).toBe(200)
      clock.advance(499)
      expect(await statusOf(body.secret)).toBe(200)
      clock.advance(1)
      expect(await statusOf(body.secret)).toBe(401)
    })

    it('must lie ahead', async () => {
      const { clock, problems, create } = await setup()
      const at = (ms: number) => ({ expires_at: new Date(clock.now() + ms).toISOString() })
      expect(await problems(at(0))).toEqual(['/expires_at in_the_past'])
      expect((await create(at(1))).status).toBe(201)
    })

    it('an expired key does not count among the hundred, cannot be changed and cannot be rotated', async () => {
      const { create, clock, call, first } = await setup()
      const { id } = (await create({ expires_at: new Date(clock.now() + 1_000).toISOString() })).body
      clock.advance(1_000)
      const change = await call('PATCH', `${path}/${id}`, { key: first, body: { name: 'other' } })
      expect(change).toMatchObject({ status: 409, body: { code: 'key_ended' } })
      const rotate = await call('POST', `${path}/${id}/rotate`, { key: first, body: { overlap_minutes: 0 } })
      expect(rotate).toMatchObject({ status: 409, body: { code: 'key_ended' } })
    })
  })

  describe('allowed addresses', () => {
    it.each([
      ['203.0.113.0/24', '203.0.113.255', '203.0.114.0'],
      ['203.0.113.7', '203.0.113.7', '203.0.113.8'],
      ['2001:db8::/32', '2001:db8:ffff::1', '2001:db9::1'],
      ['203.0.113.0/24', '::ffff:203.0.113.9', '::ffff:203.0.112.9'],
      ['0.0.0.0/0', '198.51.100.1', '2001:db8::1'],
    ])(
      '%s lets %s in and not %s, remembered or not, with the answer of an unknown key',
      async (range, inside, outside) => {
        const { create, call, events, clock, rows } = await setup()
        const { secret, id } = (await create({ allowed_addresses: [range] })).body
        const ask = (from: string) => call('GET', mePath, { key: secret, from })
        const cold = await ask(outside)
        expect((await ask(inside)).status).toBe(200)
        const warm = await ask(outside)
        const unknown = await call('GET', mePath, { key: 'nonsense', from: outside })
        for (const refused of [cold, warm]) {
          expect({ ...refused.body, request_id: '' }).toEqual({ ...unknown.body, request_id: '' })
          expect(refused.status).toBe(401)
        }
        clock.advance(999)
        expect([(await ask(inside)).status, (await ask(outside)).status]).toEqual([200, 401])
        await until(() => events.filter(({ event }) => event === 'key.address_denied').length === 3, {
          what: 'the events',
        })
        const event = events.find((one) => one.event === 'key.address_denied')
        const [row] = await rows<{ id: string; workspace_id: string }>(
          `SELECT id, workspace_id FROM api_keys WHERE name = 'CI'`,
        )
        expect(event).toMatchObject({
          severity: 'warning',
          requestId: cold.headers.get('x-request-id'),
          workspaceId: row?.workspace_id,
          details: { key: row?.id },
        })
        expect(id).toBe(`key_${row?.id.replaceAll('-', '')}`)
        expect(JSON.stringify(events)).not.toContain(outside)
      },
    )

    it('a refused use is no use: it leaves no last use behind', async () => {
      const { create, call, identity, rows } = await setup()
      const { secret } = (await create({ allowed_addresses: ['203.0.113.7'] })).body
      await call('GET', mePath, { key: secret, from: '198.51.100.1' })
      await identity.stop()
      const used = `SELECT last_used_at FROM api_keys WHERE name = 'CI'`
      expect(await rows(used)).toEqual([{ last_used_at: null }])
    })

    it('are read strictly, each wrong one named', async () => {
      const { problems } = await setup()
      const wrong = ['10.0.0.0/33', '010.0.0.1', '10.0.0.0/8/8', 'example.com', '2001:db8::/129', '10.0.0']
      expect(await problems({ allowed_addresses: ['10.0.0.0/8', ...wrong] })).toEqual(
        wrong.map((_, index) => `/allowed_addresses/${index + 1} bad_address_range`),
      )
    })

    it('50 are enough', async () => {
      const { problems, create } = await setup()
      const many = Array.from({ length: 51 }, (_, i) => `10.0.${i}.0/24`)
      expect(await problems({ allowed_addresses: many })).toEqual(['/allowed_addresses too_big'])
      expect((await create({ allowed_addresses: many.slice(1) })).status).toBe(201)
    })
  })

  describe('a key does not escape its own terms', () => {
    const office = '203.0.113.0/24'
    const desk = '203.0.113.7/32'

    async function bound() {
      const parts = await setup()
      const { create, call, clock } = parts
      const end = clock.now() + 3_600_000
      const at = (ms: number) => new Date(ms).toISOString()
      const own = (await create({ expires_at: at(end), allowed_addresses: [office] })).body
      const free = (await create({ name: 'free' })).body
      const by = (method: string, rest: string, body: object) =>
        call(method, `${path}${rest}`, { key: own.secret, from: '203.0.113.5', body })
      return { ...parts, own, free, by, end, at }
    }

    it('by making another, rotating one or changing one, itself included; each problem is named', async () => {
      const { own, free, by, end, at } = await bound()
      const rotating = { overlap_minutes: 0 }
      for (const [method, rest, base] of [
        ['POST', '', { name: 'x' }],
        ['POST', `/${own.id}/rotate`, rotating],
        ['POST', `/${free.id}/rotate`, rotating],
      ] as const) {
        for (const expires_at of [null, at(end + 1)]) {
          for (const [allowed_addresses, pointer] of [
            [null, '/allowed_addresses'],
            [[desk, '198.51.100.1'], '/allowed_addresses/1'],
            [['203.0.112.0/23'], '/allowed_addresses/0'],
          ] as const) {
            const refused = await by(method, rest, { ...base, expires_at, allowed_addresses })
            expect(refused, rest).toMatchObject({ status: 400, body: { code: 'validation_failed' } })
            expect(refused.body.errors).toMatchObject([
              { pointer: '/expires_at', code: 'beyond_own_expiry' },
              { pointer, code: 'beyond_own_addresses' },
            ])
          }
        }
      }
      for (const id of [own.id, free.id]) {
        for (const allowed_addresses of [null, ['198.51.100.1']]) {
          const refused = await by('PATCH', `/${id}`, { allowed_addresses })
          expect(refused.body.errors).toMatchObject([{ code: 'beyond_own_addresses' }])
        }
      }
    })

    it('left out, they are its own; narrower ones it may give', async () => {
      const { own, free, by, end, at, first, call } = await bound()
      const mine = { expires_at: at(end), allowed_addresses: [office] }
      expect(await by('POST', '', { name: 'x' })).toMatchObject({ status: 201, body: mine })
      const narrow = { expires_at: at(end - 1), allowed_addresses: [desk] }
      expect(await by('POST', '', { name: 'x', ...narrow })).toMatchObject({ status: 201, body: narrow })
      const rotated = await by('POST', `/${free.id}/rotate`, { overlap_minutes: 0 })
      expect(rotated).toMatchObject({ status: 201, body: mine })
      expect(await by('PATCH', `/${rotated.body.id}`, { allowed_addresses: [desk] })).toMatchObject({
        status: 200,
        body: { allowed_addresses: [desk] },
      })
      const again = await by('POST', `/${rotated.body.id}/rotate`, { overlap_minutes: 0 })
      expect(again.body).toMatchObject({ expires_at: at(end), allowed_addresses: [desk] })
      expect(await by('POST', `/${own.id}/rotate`, { overlap_minutes: 60 })).toMatchObject({
        status: 201,
        body: mine,
      })
      // A key without terms of its own gives any.
      const made = await call('POST', path, { key: first, body: { name: 'x', expires_at: null } })
      expect(made.body).toMatchObject({ expires_at: null, allowed_addresses: null })
    })
  })

  describe('changing a key', () => {
    it('name and addresses change at once here, within a second elsewhere, and are audited', async () => {
      const { create, call, first, statusOf, secondProcess, clock, rows } = await setup()
      const other = await secondProcess()
      const { id, secret } = (await create({})).body
      const elsewhere = async () => (await other.call('GET', mePath, { key: secret })).status
      expect([await statusOf(secret), await elsewhere()]).toEqual([200, 200])
      const body = { name: 'office', allowed_addresses: ['203.0.113.0/24'] }
      const changed = await call('PATCH', `${path}/${id}`, { key: first, body })
      expect(changed).toMatchObject({ status: 200, body: { id, ...body } })
      expect(await statusOf(secret)).toBe(401)
      expect(await statusOf(secret, '203.0.113.5')).toBe(200)
      clock.advance(1_000)
      expect(await elsewhere()).toBe(401)
      const opened = await call('PATCH', `${path}/${id}`, { key: first, body: { allowed_addresses: null } })
      expect(opened.body).toMatchObject({ name: 'office', allowed_addresses: null })
      expect(await statusOf(secret)).toBe(200)
      const audit = await rows<{ action: string }>(
        `SELECT action FROM audit_log WHERE action = 'api_key.changed'`,
      )
      expect(audit).toHaveLength(2)
    })

    it('refuses nothing to do, what is no range, and keys that are revoked or not there', async () => {
      const { create, call, first } = await setup()
      const { id } = (await create({})).body
      const change = (body: object, of = id) => call('PATCH', `${path}/${of}`, { key: first, body })
      expect((await change({})).body.code).toBe('validation_failed')
      expect((await change({ name: 'x', scopes: ['jobs:read'] })).body.errors).toMatchObject([
        { pointer: '/scopes', code: 'unknown_field' },
      ])
      expect((await change({ allowed_addresses: ['x'] })).body.errors).toMatchObject([
        { pointer: '/allowed_addresses/0', code: 'bad_address_range' },
      ])
      expect((await change({ name: 'x' }, `key_${'0'.repeat(32)}`)).status).toBe(404)
      await call('DELETE', `${path}/${id}`, { key: first })
      expect((await change({ name: 'x' })).body.code).toBe('key_ended')
    })
  })
})
