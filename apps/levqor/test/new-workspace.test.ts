// A workspace that somebody makes is as ready for work as the first one.
import { eachStore } from '@levqor/testing'
import { expect, it } from 'vitest'
import { openTwoTenants } from './open-two-tenants.ts'

eachStore((store) => {
  it('has the shipped workflows from its first moment, no jobs, and nothing of the workspace its maker came from', async () => {
    await using tenants = await openTwoTenants(await store.fresh())
    const { a, server } = tenants
    const { headers } = a.members.viewer
    const ask = async (method: 'GET' | 'POST', url: string, payload?: object) =>
      (await server.app.inject({ method, url, headers, ...(payload ? { payload } : {}) })).json()
    const names = async () =>
      (await ask('GET', '/api/v1/workflows?limit=100')).items.map((item: { name: string }) => item.name)
    const shipped = await names()
    const { id } = await ask('POST', '/api/v1/workspaces', { name: 'Mine' })
    await ask('POST', `/api/v1/workspaces/${id}/switch`)
    expect(shipped.length).toBeGreaterThan(0)
    expect(await names()).toEqual(shipped)
    expect((await ask('GET', '/api/v1/jobs')).items).toEqual([])
    // A viewer there, an owner here.
    const made = await ask('POST', '/api/v1/api-keys', { name: 'mine' })
    expect((await ask('GET', '/api/v1/api-keys')).items.map((key: { id: string }) => key.id)).toEqual([
      made.id,
    ])
  })
})
