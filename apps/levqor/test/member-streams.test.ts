// A live stream shows a workspace's job: it ends with what entitled its reader to it.
import { toPublicId } from '@levqor/client'
import { createLogger } from '@levqor/server'
import { eachStore } from '@levqor/testing'
import { expect, it } from 'vitest'
import { openPlatform } from '../src/start/open-platform.ts'
import { serve } from '../src/start/start-server.ts'
import { openTwoTenants, type SignedIn } from './open-two-tenants.ts'

/** The published bound on revocation. */
const boundMs = 1_000
// What a busy machine adds.
const slackMs = 1_000

eachStore((store) => {
  async function setup() {
    const tenants = await openTwoTenants(await store.fresh())
    const { a, server } = tenants
    // Another process of the installation, as far as caches and revocations go.
    const log = createLogger({ level: 'silent' })
    const otherPlatform = await openPlatform(tenants.platform.config, log)
    const other = await serve(otherPlatform, log)
    const [here, there] = await Promise.all(
      [server, other].map((one) => one.listen({ host: '127.0.0.1', port: 0 })),
    )
    const ws = `/api/v1/workspaces/${toPublicId('ws', a.workspaceId)}`
    async function openStream({ headers }: SignedIn, port: number | undefined) {
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/jobs/${a.jobId}/events`, { headers })
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
    /** A stream in each process; `ended` is when the last of them was cut. */
    const open = async (person: SignedIn) => {
      const streams = [await openStream(person, here), await openStream(person, there)]
      const ended = Promise.all(streams.map((stream) => stream.ended)).then((ends) => Math.max(...ends))
      return { ended }
    }
    const stop = async () => {
      await other.stop(1_000)
      await otherPlatform.close()
      await tenants[Symbol.asyncDispose]()
    }
    return { a, ws, open, send, [Symbol.asyncDispose]: stop }
  }

  it('a removed member’s streams are cut in every process within the bound', async () => {
    await using levqor = await setup()
    const { a, ws, open, send } = levqor
    const { owner, member } = a.members
    const { ended } = await open(member)
    const removed = performance.now()
    const answer = await send(owner, 'DELETE', `${ws}/members/${toPublicId('usr', member.userId)}`)
    expect(answer.statusCode).toBe(204)
    expect((await ended) - removed).toBeLessThan(boundMs + slackMs)
  })

  it('streams are cut in every process when their session moves on to another workspace', async () => {
    await using levqor = await setup()
    const { a, open, send } = levqor
    const { member } = a.members
    const made = await send(member, 'POST', '/api/v1/workspaces', { name: 'Mine' })
    const { ended } = await open(member)
    const moved = performance.now()
    const answer = await send(member, 'POST', `/api/v1/workspaces/${made.json().id}/switch`)
    expect(answer.statusCode).toBe(200)
    expect((await ended) - moved).toBeLessThan(boundMs + slackMs)
  })
})
