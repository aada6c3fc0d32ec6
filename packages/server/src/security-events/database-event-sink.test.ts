import { asSystem } from '@levqor/database/system'
import { createPseudonyms, createSecret, createSecurityEvents } from '@levqor/guard'
import { eachStore, manualClock } from '@levqor/testing'
import { expect, it } from 'vitest'
import { serverSchema } from '../schema/server-schema.ts'
import { databaseEventSink, pruneSecurityEvents, securityEventRetentionMs } from './database-event-sink.ts'

eachStore((store) => {
  async function setup() {
    const clock = manualClock()
    const database = await store.open([serverSchema], { clock })
    const secret = createSecret('q3Zr8vN1x0LmPzT6uYwBkC5dHsJfGaEo', { name: 'TEST' })
    const events = createSecurityEvents({
      sinks: [databaseEventSink(database)],
      clock,
      pseudonyms: createPseudonyms({ secret, clock }),
    })
    const rows = () =>
      asSystem(database).read.query<Record<string, unknown>>('SELECT * FROM security_events ORDER BY id')
    return { clock, database, events, rows }
  }

  it('keeps every event, in order, without raw addresses', async () => {
    const { events, rows } = await setup()
    for (let i = 0; i < 300; i++) {
      events.emit({
        event: 'auth.failed',
        // One each: of one address the guard tells three a second and counts the rest.
        address: `2001:db8::${i}`,
        requestId: `r${i}`,
        details: { door: 'login' },
      })
    }
    expect(await events.flush(5_000)).toBe(true)
    const kept = await rows()
    expect(kept.map((row) => row.request_id)).toEqual(Array.from({ length: 300 }, (_, i) => `r${i}`))
    expect(JSON.stringify(kept)).not.toContain('2001:db8')
    expect(kept[0]).toMatchObject({ event: 'auth.failed', severity: 'notice', actor_id: null })
    expect(events.state()).toMatchObject({ database: { written: 300, dropped: 0 } })
  })

  it('deletes what is older than 90 days, to the millisecond', async () => {
    const { clock, database, events, rows } = await setup()
    events.emit({ event: 'auth.failed' })
    await events.flush(5_000)
    clock.advance(securityEventRetentionMs)
    expect(await pruneSecurityEvents(database)).toBe(0)
    clock.advance(1)
    expect(await pruneSecurityEvents(database)).toBe(1)
    expect(await rows()).toEqual([])
  })
})
