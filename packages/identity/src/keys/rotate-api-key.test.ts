import { type OverlapMinutes, overlapMinutes } from '@levqor/client'
import { asSystem } from '@levqor/database/system'
import { eachStore, until } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { type TestInstallation, testInstallation } from '../test-installation.ts'

const path = '/api/v1/api-keys'
const minute = 60_000

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup(terms: object = {}) {
    installation = await testInstallation(store)
    const { call, firstRun, identity } = installation
    const first = firstRun.api_key
    const { body: old } = await call('POST', path, { key: first, body: { name: 'CI', ...terms } })
    const rotate = (overlap: number, body: object = {}, key = first) =>
      call('POST', `${path}/${old.id}/rotate`, { key, body: { overlap_minutes: overlap, ...body } })
    const useOf = async (key: string) => (await call('GET', '/api/auth/me', { key })).status
    /** Writes the last uses down, as happens by itself after two seconds. */
    const written = () => identity.stop()
    const shown = async (id: string = old.id) =>
      (await call('GET', path, { key: first })).body.items.find((item: { id: string }) => item.id === id)
    return { ...installation, first, old, rotate, useOf, written, shown }
  }

  it('under constant traffic no request fails until the overlap ends; then the old key is refused in every process', async () => {
    const { old, rotate, call, secondProcess, clock } = await setup()
    const other = await secondProcess()
    let inUse: string = old.secret
    let going = true
    const statuses: number[] = []
    const programs = [call, other.call, call, other.call].map(async (ask) => {
      while (going) {
        statuses.push((await ask('GET', '/api/auth/me', { key: inUse })).status)
        statuses.push((await ask('GET', '/api/auth/me', { key: old.secret })).status)
      }
    })
    const more = async (count: number) => {
      const goal = statuses.length + count
      await until(() => statuses.length >= goal, { what: 'traffic', timeoutMs: 10_000 })
    }
    await more(40)
    const { status, body } = await rotate(15)
    expect(status).toBe(201)
    await more(40)
    clock.advance(7 * minute)
    inUse = body.secret
    await more(40)
    clock.advance(8 * minute - 1)
    await more(40)
    going = false
    await Promise.all(programs)
    expect(new Set(statuses)).toEqual(new Set([200]))

    clock.advance(1)
    for (const ask of [call, other.call]) {
      expect((await ask('GET', '/api/auth/me', { key: old.secret })).status).toBe(401)
      expect((await ask('GET', '/api/auth/me', { key: body.secret })).status).toBe(200)
    }
  })

  it('the successor has the terms of the old key, or those that are given', async () => {
    const terms = {
      mode: 'test',
      scopes: ['jobs:read', 'api-keys:read'],
      expires_at: '2100-01-01T00:00:00.000Z',
      allowed_addresses: ['127.0.0.0/8', '::1'],
    }
    const { old, rotate, call, first, shown, rows, clock } = await setup(terms)
    const { body } = await rotate(60)
    expect(body).toMatchObject({ name: 'CI', ...terms, successor_id: null, overlap_until: null })
    expect(body.secret).toMatch(/^lvk_test_/)
    const rotated = {
      id: old.id,
      successor_id: body.id,
      overlap_until: new Date(clock.now() + 60 * minute).toISOString(),
      revoked_at: null,
    }
    expect(body.replaces).toMatchObject(rotated)
    expect(await shown()).toMatchObject(rotated)
    const given = {
      name: 'CI 2',
      scopes: ['jobs:read'],
      expires_at: null,
      allowed_addresses: null,
    }
    const next = await call('POST', `${path}/${body.id}/rotate`, {
      key: first,
      body: { overlap_minutes: 60, ...given },
    })
    expect(next).toMatchObject({ status: 201, body: { ...given, mode: 'test' } })
    expect(await rows(`SELECT id FROM audit_log WHERE action = 'api_key.rotated'`)).toHaveLength(2)
  })

  it.each<OverlapMinutes>([...overlapMinutes])(
    'an overlap of %i minutes ends to the millisecond',
    async (minutes) => {
      const { old, rotate, useOf, clock } = await setup()
      expect(await useOf(old.secret)).toBe(200)
      const { body } = await rotate(minutes)
      if (minutes > 0) {
        clock.advance(minutes * minute - 1)
        expect(await useOf(old.secret)).toBe(200)
        clock.advance(1)
      }
      expect(await useOf(old.secret)).toBe(401)
      expect(await useOf(body.secret)).toBe(200)
    },
  )

  it('100 rotations at once make one successor; the others are told so', async () => {
    const { rotate, rows, events } = await setup()
    const answers = await Promise.all(Array.from({ length: 100 }, () => rotate(15)))
    const refused = answers.filter(({ status }) => status !== 201)
    expect(refused).toHaveLength(99)
    for (const { status, body } of refused) {
      expect([status, body.code]).toEqual([409, 'key_rotated'])
    }
    expect(await rows(`SELECT id FROM api_keys WHERE name = 'CI'`)).toHaveLength(2)
    await until(() => events.filter(({ event }) => event === 'key.created').length === 2, {
      what: 'the events',
    })
  })

  it('neither a rotated key nor an ended one is rotated, and a foreign one is not there', async () => {
    const { rotate, call, first, old } = await setup()
    expect((await rotate(30)).body.errors).toMatchObject([
      { pointer: '/overlap_minutes', code: 'invalid_value' },
    ])
    expect((await rotate(15, { allowed_addresses: ['x'] })).body.errors).toMatchObject([
      { pointer: '/allowed_addresses/0', code: 'bad_address_range' },
    ])
    const { body } = await rotate(0)
    expect((await rotate(0)).body.code).toBe('key_rotated')
    await call('DELETE', `${path}/${body.id}`, { key: first })
    const ended = await call('POST', `${path}/${body.id}/rotate`, {
      key: first,
      body: { overlap_minutes: 15 },
    })
    expect(ended).toMatchObject({ status: 409, body: { code: 'key_ended' } })
    const nowhere = await call('POST', `${path}/key_${'0'.repeat(32)}/rotate`, {
      key: first,
      body: { overlap_minutes: 15 },
    })
    expect(nowhere.status).toBe(404)
    expect(old.id).not.toBe(body.id)
  })

  it('a rotated key does its work until its time is over, and does not outlive it by another', async () => {
    const { call, first, clock, useOf } = await setup()
    const post = (at: string, key: string, body: object = {}) => call('POST', `${path}${at}`, { key, body })
    const old = (await post('', first, { name: 'leaked', scopes: ['api-keys:write', 'jobs:read'] })).body
    const next = (await post(`/${old.id}/rotate`, first, { overlap_minutes: 15 })).body
    const rotated = { status: 409, body: { code: 'key_rotated' } }
    expect(await useOf(old.secret)).toBe(200)
    expect(await post('', old.secret, { name: 'another' })).toMatchObject(rotated)
    expect(await post(`/${next.id}/rotate`, old.secret, { overlap_minutes: 0 })).toMatchObject(rotated)
    const renamed = call('PATCH', `${path}/${next.id}`, { key: old.secret, body: { name: 'mine' } })
    expect(await renamed).toMatchObject(rotated)
    expect(await call('DELETE', `${path}/${next.id}`, { key: old.secret })).toMatchObject(rotated)
    // Itself it may end.
    expect((await call('DELETE', `${path}/${old.id}`, { key: old.secret })).status).toBe(200)
    clock.advance(16 * minute)
    expect(await useOf(old.secret)).toBe(401)
    expect(await useOf(next.secret)).toBe(200)
  })

  it('a weaker key does not get a stronger one by rotating it', async () => {
    const { rotate, call, first, rows } = await setup()
    const weak = await call('POST', path, {
      key: first,
      body: { name: 'weak', scopes: ['api-keys:write', 'jobs:read'] },
    })
    expect(await rotate(15, {}, weak.body.secret)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect((await rotate(15, { scopes: ['ops:read'] }, weak.body.secret)).body.errors).toMatchObject([
      { pointer: '/scopes/0', code: 'scope_not_held' },
    ])
    expect(await rows('SELECT id FROM api_keys WHERE successor_id IS NOT NULL')).toEqual([])
    expect((await rotate(15, { scopes: ['jobs:read'] }, weak.body.secret)).status).toBe(201)
  })

  it('at the limit of a hundred keys one can still rotate, and of parallel makers one gets the last place', async () => {
    const { rotate, rows, database, call, first } = await setup()
    const [model] = await rows<{ workspace_id: string; created_by: string }>(
      'SELECT workspace_id, created_by FROM api_keys',
    )
    await asSystem(database).transaction(async (tx) => {
      for (let i = 2; i < 99; i++) {
        await tx.run(
          `INSERT INTO api_keys (id, workspace_id, name, key_hash, display_prefix, scopes, created_by, created_at)
           VALUES ($1, $2, 'x', $1, 'x', '[]', $3, 1)`,
          [database.ids.next(), model?.workspace_id ?? '', model?.created_by ?? ''],
        )
      }
    })
    const makers = await Promise.all(
      Array.from({ length: 20 }, () => call('POST', path, { key: first, body: { name: 'last' } })),
    )
    expect(makers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(makers.filter(({ body }) => body.code === 'too_many_keys')).toHaveLength(19)
    expect((await rotate(15)).status).toBe(201)
  })

  describe('the chore', () => {
    it('writes down what is over, once, with the moment of the overlap’s end', async () => {
      const { rotate, identity, clock, shown, rows } = await setup()
      await rotate(15)
      clock.advance(15 * minute - 1)
      expect(await identity.endRotatedKeys()).toBe(0)
      const end = clock.now() + 1
      clock.advance(5_000)
      const ended = await Promise.all(Array.from({ length: 20 }, () => identity.endRotatedKeys()))
      expect(ended.reduce((sum, count) => sum + count, 0)).toBe(1)
      expect(await shown()).toMatchObject({
        revoked_at: new Date(end).toISOString(),
        revoked_reason: 'rotated',
      })
      expect(await rows(`SELECT id FROM audit_log WHERE action = 'api_key.revoked'`)).toHaveLength(1)
    })

    // Two minutes are added to every silence, because a last use is written up to two minutes late.
    it.each([
      [60, 32],
      [360, 182],
      [1440, 722],
      [2880, 1442],
    ])(
      'with an overlap of %i minutes, %i of silence end the old key once its successor is in use',
      async (overlap, silence) => {
        const { old, rotate, useOf, identity, clock, written, shown, secondProcess } = await setup()
        const { body } = await rotate(overlap)
        await useOf(old.secret)
        const lastUse = clock.now()
        await useOf(body.secret)
        await written()
        clock.advance(silence * minute - 1)
        expect(await identity.endRotatedKeys()).toBe(0)
        clock.advance(1)
        const other = await secondProcess()
        expect(await identity.endRotatedKeys()).toBe(1)
        expect(await shown()).toMatchObject({ revoked_reason: 'fell_silent' })
        expect(await shown()).toMatchObject({ last_used_at: new Date(lastUse).toISOString() })
        expect(await useOf(old.secret)).toBe(401)
        expect((await other.call('GET', '/api/auth/me', { key: old.secret })).status).toBe(401)
        expect(await useOf(body.secret)).toBe(200)
      },
    )

    it('silence counts from the last use, and not before the successor is used', async () => {
      const { old, rotate, useOf, identity, clock, written } = await setup()
      const { body } = await rotate(60)
      clock.advance(40 * minute)
      expect(await identity.endRotatedKeys()).toBe(0)
      await useOf(old.secret)
      await useOf(body.secret)
      await written()
      clock.advance(60 * minute - 40 * minute - 1)
      expect(await identity.endRotatedKeys()).toBe(0)
      expect(await useOf(old.secret)).toBe(200)
    })

    it('a program that comes once in half the overlap is never cut off early', async () => {
      const { old, rotate, useOf, identity, clock, written } = await setup()
      await useOf(old.secret)
      const { body } = await rotate(2880)
      await useOf(body.secret)
      await written()
      for (let hours = 0; hours < 48; hours++) {
        expect(await identity.endRotatedKeys()).toBe(0)
        if (hours > 0 && hours % 24 === 0) {
          expect(await useOf(old.secret)).toBe(200)
          await written()
        }
        clock.advance(60 * minute)
      }
      expect(await useOf(old.secret)).toBe(401)
    })

    it('a successor that was revoked ends nothing', async () => {
      const { rotate, useOf, identity, clock, written, call, first, old } = await setup()
      const { body } = await rotate(1440)
      await useOf(body.secret)
      await written()
      await call('DELETE', `${path}/${body.id}`, { key: first })
      clock.advance(1000 * minute)
      expect(await identity.endRotatedKeys()).toBe(0)
      expect(await useOf(old.secret)).toBe(200)
    })
  })
})
