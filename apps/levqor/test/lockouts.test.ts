import { asSystem } from '@levqor/database/system'
import { eachStore } from '@levqor/testing'
import { expect, it } from 'vitest'
import { openTwoTenants } from './open-two-tenants.ts'

const wrong = async () => undefined
const right = async () => 'ada'
const ada = { account: 'ada@example.com', address: '198.51.100.7' }

eachStore((store) => {
  async function setup() {
    const tenants = await openTwoTenants(await store.fresh())
    const { server, platform, a } = tenants
    const call = async (method: 'GET' | 'POST', url: string, payload?: object, key: string = a.key) => {
      const answer = await server.app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${key}` },
        ...(payload ? { payload } : {}),
      })
      return { status: answer.statusCode, body: answer.json() }
    }
    const lock = async () => {
      for (let i = 0; i < 5; i++) await platform.guard.attempt(ada, wrong)
      expect((await platform.guard.attempt(ada, right)).outcome).toBe('refused')
    }
    const unlocks = async () =>
      asSystem(platform.database).read.query<Record<string, unknown>>(
        `SELECT actor_kind, target_id FROM audit_log WHERE action = 'lockout.unlocked'`,
      )
    return { tenants, platform, call, lock, unlocks }
  }

  it('operators see what is locked without names, and let the owner in again by account and address', async () => {
    const { tenants, platform, call, lock, unlocks } = await setup()
    await using _ = tenants
    await lock()
    const { body } = await call('GET', '/api/admin/lockouts?locked=true')
    expect(body.items.map(({ counts }: { counts: string }) => counts).sort()).toEqual([
      'account',
      'account-address',
    ])
    expect(Date.parse(body.items[0].locked_until)).toBeGreaterThan(Date.now() + 14 * 60_000)
    expect(JSON.stringify(body)).not.toMatch(/ada|example|198\.51/)

    // The account alone opens it from everywhere but the address that guessed.
    const answer = await call('POST', '/api/admin/lockouts/unlock', {
      account: 'Ada@Example.com',
      address: ada.address,
    })
    expect(answer).toMatchObject({ status: 200, body: { unlocked: ['account', 'account-address'] } })
    expect((await platform.guard.attempt(ada, right)).outcome).toBe('succeeded')
    expect(await unlocks()).toEqual([{ actor_kind: 'apiKey', target_id: null }])
    const again = await call('POST', '/api/admin/lockouts/unlock', { account: ada.account })
    expect(again.body).toEqual({ unlocked: [] })
    expect(await unlocks()).toHaveLength(2)
    // Told as what it was, once it was committed.
    await platform.events.flush(2_000)
    const told = await call('GET', '/api/admin/security/events?event=auth.unlocked')
    expect(told.body.items.length).toBe(2)
    for (const { details, actor_id } of told.body.items) {
      expect(details.cause).toBe('operator')
      expect(actor_id).toEqual(expect.any(String))
    }
  })

  it('one counter is opened by its id; the audit log names it', async () => {
    const { tenants, platform, call, lock, unlocks } = await setup()
    await using _ = tenants
    await lock()
    const { body } = await call('GET', '/api/admin/lockouts?locked=true')
    for (const { id, counts } of body.items) {
      const answer = await call('POST', '/api/admin/lockouts/unlock', { id })
      expect(answer.body).toEqual({ unlocked: [counts] })
    }
    expect((await platform.guard.attempt(ada, right)).outcome).toBe('succeeded')
    const recorded = (await unlocks()).map((row) => row.target_id)
    expect(recorded.sort()).toEqual(body.items.map(({ id }: { id: string }) => id).sort())
  })

  it('pages go through every counter once', async () => {
    const { tenants, platform, call } = await setup()
    await using _ = tenants
    for (let i = 0; i < 6; i++) {
      await platform.guard.attempt({ account: `u${i}@example.com`, address: `198.51.100.${i}` }, wrong)
    }
    const ids = new Set<string>()
    let cursor: string | null = null
    do {
      const { body } = await call(
        'GET',
        `/api/admin/lockouts?limit=5${cursor === null ? '' : `&cursor=${cursor}`}`,
      )
      for (const { id } of body.items) ids.add(id)
      cursor = body.next_cursor
    } while (cursor !== null)
    // Account, account and address, address for each, and everybody together.
    expect(ids.size).toBe(19)
  })

  it('nobody but operators, and nothing but one order at a time', async () => {
    const { tenants, call } = await setup()
    await using _ = tenants
    const path = '/api/admin/lockouts/unlock'
    expect(await call('GET', '/api/admin/lockouts', undefined, tenants.b.key)).toMatchObject({ status: 403 })
    expect(await call('POST', path, { id: 'x' }, tenants.b.key)).toMatchObject({ status: 403 })
    for (const body of [
      {},
      { id: 'x', account: ada.account },
      { id: 'x', address: ada.address },
      { account: 'no address' },
      { account: ada.account, address: 'somewhere' },
    ]) {
      expect(await call('POST', path, body), JSON.stringify(body)).toMatchObject({ status: 400 })
    }
    expect(await call('POST', path, { id: 'unknown' })).toMatchObject({ body: { unlocked: [] } })
    expect(await call('GET', '/api/admin/lockouts?cursor=garbage')).toMatchObject({ status: 400 })
  })
})
