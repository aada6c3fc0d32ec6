import type { IdentifyResult } from '@levqor/guard'
import type { FastifyRequest } from 'fastify'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { UserActor } from '../verbs/actor.ts'
import { identified } from './identified.ts'
import { watchCredential } from './watch-credential.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const actor: UserActor = {
  kind: 'user',
  id: 'u1',
  sessionId: 's1',
  workspaceId: 'ws1',
  role: 'member',
  operator: false,
}

/** A stream whose credential is looked up with `look` from its opening on. */
function setup(look: (request: FastifyRequest) => IdentifyResult) {
  const opened = identified(actor)
  const gone = new AbortController()
  const guard = { actor: opened.outcome === 'identified' ? opened.actor : undefined, door: 'stream' }
  // Only these are read of a request.
  const request = { guard, log: { debug: () => undefined } } as unknown as FastifyRequest
  const end = vi.fn(() => gone.abort())
  watchCredential(request, { identify: look }, { signal: gone.signal, end })
  return end
}

it('leaves a stream alone while its credential holds, whatever else about it changes', async () => {
  const end = setup(() => identified({ ...actor, role: 'admin' }))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(end).not.toHaveBeenCalled()
})

it('ends a stream within a second once its credential is not known any more', async () => {
  const end = setup(() => ({ outcome: 'invalid', cause: 'unknown_session' }))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(end).toHaveBeenCalledOnce()
})

it('ends a stream within a second once its session acts in another workspace', async () => {
  const end = setup(() => identified({ ...actor, workspaceId: 'ws2' }))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(end).toHaveBeenCalledOnce()
})

it('whoever is asked sees that the request has been let in, so that watching counts as no use', async () => {
  const asked: boolean[] = []
  setup(({ guard }) => {
    asked.push(guard.actor !== undefined)
    return identified(actor)
  })
  await vi.advanceTimersByTimeAsync(3_000)
  expect(asked).toEqual([true, true, true])
})

it('a database that is away says nothing about the credential', async () => {
  const end = setup(() => {
    throw new Error('away')
  })
  await vi.advanceTimersByTimeAsync(3_000)
  expect(end).not.toHaveBeenCalled()
})
