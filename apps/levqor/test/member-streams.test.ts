// A live stream shows a workspace's job: it ends with what entitled its reader to it.
import { toPublicId } from '@levqor/client'
import { eachStore } from '@levqor/testing'
import { expect, it } from 'vitest'
import { openTwoTenants, type SignedIn } from './open-two-tenants.ts'

/** The published bound on revocation. */
const boundMs = 1_000
// What a busy machine adds.
const slackMs = 1_000

eachStore((store) => {
  async function setup() {
    const tenants = await openTwoTenants(await store.fresh())
    const { a, server } = tenants
    const port = await server.listen({ host: '127.0.0.1', port: 0 })
    const url = `http://127.0.0.1:${port}`
    const ws = `/api/v1/workspaces/${toPublicId('ws', a.workspaceId)}`
    async function openStream({ headers }: SignedIn) {
      const response = await fetch(`${url}/api/v1/jobs/${a.jobId}/events`, { headers })
      expect(response.status).toBe(200)
      const reader = response.body?.getReader()
      // The first event has arrived: the stream is open.
      await reader?.read()
      const drain = async () => {
        while (reader && !(await reader.read()).done);
        return performance.now()
      }
      return { ended: drain() }
    }
    const send = (person: SignedIn, method: 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) =>
      server.app.inject({
        method,
        url: path,
        headers: person.headers,
        ...(payload === undefined ? {} : { payload }),
      })
    return { tenants, a, ws, openStream, send }
  }

  it('a removed member’s stream is cut within the bound', async () => {
    const { tenants, a, ws, openStream, send } = await setup()
    await using _ = tenants
    const { owner, member } = a.members
    const { ended } = await openStream(member)
    const removed = performance.now()
    expect(
      (await send(owner, 'DELETE', `${ws}/members/${toPublicId('usr', member.userId)}`)).statusCode,
    ).toBe(204)
    expect((await ended) - removed).toBeLessThan(boundMs + slackMs)
  })

  it('a stream is cut when its session moves on to another workspace', async () => {
    const { tenants, a, openStream, send } = await setup()
    await using _ = tenants
    const { member } = a.members
    const made = await send(member, 'POST', '/api/v1/workspaces', { name: 'Mine' })
    const { ended } = await openStream(member)
    const moved = performance.now()
    expect((await send(member, 'POST', `/api/v1/workspaces/${made.json().id}/switch`)).statusCode).toBe(200)
    expect((await ended) - moved).toBeLessThan(boundMs + slackMs)
  })
})
