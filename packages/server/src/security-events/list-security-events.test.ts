import { asSystem } from '@levqor/database/system'
import { createPseudonyms, createSecret, createSecurityEvents } from '@levqor/guard'
import { eachStore, manualClock, type TestStore } from '@levqor/testing'
import { expect, it } from 'vitest'
import { serverSchema } from '../schema/server-schema.ts'
import { databaseEventSink } from './database-event-sink.ts'
import { countSecurityEvents, listSecurityEvents } from './list-security-events.ts'

async function setup(store: TestStore) {
  const clock = manualClock()
  const database = await store.open([serverSchema], { clock })
  const pseudonyms = createPseudonyms({
    secret: createSecret('q3Zr8vN1x0LmPzT6uYwBkC5dHsJfGaEo', { name: 'TEST' }),
    clock,
  })
  const events = createSecurityEvents({ sinks: [databaseEventSink(database)], clock, pseudonyms })
  return { clock, events, pseudonyms, reader: asSystem(database).read }
}

eachStore((store) => {
  it('filters by severity and worse, event, actor, workspace, address, request and time', async () => {
    const { clock, events, pseudonyms, reader } = await setup(store)
    const start = clock.now()
    events.emit({ event: 'auth.succeeded', actorId: 'a1', workspaceId: 'w1', requestId: 'r1' })
    clock.advance(10)
    events.emit({ event: 'auth.failed', address: '198.51.100.7', details: { door: 'login' } })
    clock.advance(10)
    events.emit({ event: 'token.reuse_detected', actorId: 'a2', workspaceId: 'w2' })
    await events.flush(5_000)
    const names = async (filter: Parameters<typeof listSecurityEvents>[1]) =>
      (await listSecurityEvents(reader, filter)).events.map(({ event }) => event)
    expect(await names({})).toEqual(['token.reuse_detected', 'auth.failed', 'auth.succeeded'])
    expect(await names({ severity: 'notice' })).toEqual(['token.reuse_detected', 'auth.failed'])
    expect(await names({ severity: 'critical' })).toEqual(['token.reuse_detected'])
    expect(await names({ event: 'auth.failed' })).toEqual(['auth.failed'])
    expect(await names({ actorId: 'a1' })).toEqual(['auth.succeeded'])
    expect(await names({ workspaceId: 'w2' })).toEqual(['token.reuse_detected'])
    expect(await names({ requestId: 'r1' })).toEqual(['auth.succeeded'])
    expect(await names({ address: pseudonyms('address', '198.51.100.7') })).toEqual(['auth.failed'])
    expect(await names({ from: start + 10, to: start + 20 })).toEqual(['auth.failed'])
    const [failed] = (await listSecurityEvents(reader, { event: 'auth.failed' })).events
    expect(failed).toMatchObject({ time: start + 10, details: { door: 'login' }, actorId: null })
  })

  it('counts what happened, not rows: a merged event stands for many', async () => {
    const { clock, events, reader } = await setup(store)
    const before = clock.now()
    events.emit({ event: 'auth.failed' })
    events.emit({ event: 'auth.failed', details: { merged: 37 } })
    events.emit({ event: 'key.created' })
    await events.flush(5_000)
    const counted = await countSecurityEvents(reader, before)
    expect(counted.filter(({ count }) => count > 0).map(({ event, count }) => [event, count])).toEqual([
      ['auth.failed', 38],
      ['key.created', 1],
    ])
  })

  it('pages by cursor without losing or repeating events of the same millisecond', async () => {
    const { events, reader } = await setup(store)
    for (let i = 0; i < 25; i++) events.emit({ event: 'auth.failed', requestId: `r${i}` })
    await events.flush(5_000)
    const seen: (string | null)[] = []
    let cursor: string | undefined
    do {
      const page = await listSecurityEvents(reader, { limit: 10, ...(cursor ? { cursor } : {}) })
      seen.push(...page.events.map(({ requestId }) => requestId))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `r${24 - i}`))
    await expect(listSecurityEvents(reader, { cursor: 'garbage' })).rejects.toMatchObject({
      code: 'bad_cursor',
    })
  })

  it('counts each event of the catalogue since a time, zeros included', async () => {
    const { clock, events, reader } = await setup(store)
    events.emit({ event: 'auth.failed' })
    await events.flush(5_000)
    clock.advance(1)
    const since = clock.now()
    events.emit({ event: 'auth.failed' })
    events.emit({ event: 'auth.failed' })
    await events.flush(5_000)
    const counts = await countSecurityEvents(reader, since)
    expect(counts.find(({ event }) => event === 'auth.failed')).toEqual({
      event: 'auth.failed',
      severity: 'notice',
      count: 2,
    })
    expect(counts.find(({ event }) => event === 'webhook.rejected')?.count).toBe(0)
  })
})
