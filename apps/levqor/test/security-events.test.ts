import { eachStore } from '@levqor/testing'
import { expect, it } from 'vitest'
import { openTwoTenants } from './open-two-tenants.ts'

eachStore((store) => {
  async function setup() {
    const tenants = await openTwoTenants(await store.fresh())
    const { server, platform, a } = tenants
    const get = async (path: string, key: string | null = a.key) => {
      const answer = await server.app.inject({
        method: 'GET',
        url: path,
        headers: key === null ? {} : { authorization: `Bearer ${key}` },
      })
      return { status: answer.statusCode, body: answer.json() }
    }
    return { tenants, get, flush: () => platform.events.flush(5_000) }
  }

  it('operators list and filter what the guard saw, others are turned away', async () => {
    const { tenants, get, flush } = await setup()
    await using _ = tenants
    const wrong = await get('/api/v1/jobs', 'lvk_live_wrong')
    expect(wrong.status).toBe(401)
    await flush()
    const { body } = await get('/api/admin/security/events?event=auth.failed')
    expect(body).toMatchObject({ has_more: false, next_cursor: null })
    expect(body.items[0]).toMatchObject({
      event: 'auth.failed',
      severity: 'notice',
      request_id: wrong.body.request_id,
      details: { door: 'read' },
    })
    expect(body.items[0].id).toMatch(/^evt_[0-9a-f]{32}$/)
    expect(body.items[0].address).toMatch(/^address_\d+_/)
    expect(JSON.stringify(body)).not.toContain('127.0.0.1')

    const others = await get('/api/admin/security/events?severity=critical')
    expect(others.body.items).toEqual([])
    const found = await get(`/api/admin/security/events?address=${body.items[0].address}&severity=notice`)
    expect(found.body.items).toHaveLength(1)
    const later = new Date(Date.parse(body.items[0].time) + 1).toISOString()
    expect((await get(`/api/admin/security/events?event=auth.failed&from=${later}`)).body.items).toEqual([])

    expect(await get('/api/admin/security/events', null)).toMatchObject({ status: 401 })
    expect(await get('/api/admin/security/events', tenants.b.key)).toMatchObject({ status: 403 })
    expect(await get('/api/admin/security/summary', tenants.b.key)).toMatchObject({ status: 403 })
  })

  it('says what is wrong with a filter', async () => {
    const { tenants, get } = await setup()
    await using _ = tenants
    for (const query of [
      'event=auth.nothing',
      'severity=loud',
      'from=yesterday',
      'cursor=garbage',
      'limit=101',
    ]) {
      const answer = await get(`/api/admin/security/events?${query}`)
      expect(answer, query).toMatchObject({ status: 400 })
      expect(JSON.stringify(answer.body), query).toContain(
        query === 'cursor=garbage' ? 'bad_cursor' : query.split('=')[0],
      )
    }
  })

  it('the summary counts a day and names every protection with its mode', async () => {
    const { tenants, get, flush } = await setup()
    await using _ = tenants
    await get('/api/v1/jobs', 'lvk_live_wrong')
    await get('/api/v1/jobs', 'lvk_live_wrong')
    await flush()
    const { body } = await get('/api/admin/security/summary')
    expect(body.last_24_hours).toContainEqual({ event: 'auth.failed', severity: 'notice', count: 2 })
    expect(body.protections).toContainEqual({ name: 'limits', mode: 'enforce' })
    expect(body).toMatchObject({ limits: 'memory', events_dropped: 0, penalties: [] })
  })
})
