import { openDatabase } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import { replayStoreCases } from '@levqor/guard/conformance'
import { eachStore, manualClock, realIds, systemClock } from '@levqor/testing'
import { expect, it } from 'vitest'
import { databaseReplayStore, pruneWebhookMessages } from './database-replay-store.ts'
import { webhookSchema } from './webhook-schema-for-tests.ts'

eachStore((store) => {
  for (const { name, run } of replayStoreCases(async (clock) => ({
    store: databaseReplayStore(await store.open([webhookSchema], { clock })),
    close: async () => {},
  }))) {
    it(name, run)
  }

  it('what was processed is known after a restart', async () => {
    const url = await store.fresh()
    const before = await openDatabase({ url, schemas: [webhookSchema], clock: systemClock, ids: realIds() })
    await databaseReplayStore(before).commit('a', 60_000)
    await before.close()
    const after = databaseReplayStore(await store.open([webhookSchema], { url }))
    expect(await after.claim('a', 1_000)).toEqual({ state: 'committed' })
  })

  it('of 60 claims at once over two handles exactly one gets it, 10 rounds', async () => {
    const url = await store.fresh()
    const handles = [await store.open([webhookSchema], { url }), await store.open([webhookSchema], { url })]
    const stores = handles.map(databaseReplayStore)
    for (let round = 0; round < 10; round++) {
      const claims = Array.from({ length: 30 }, () =>
        stores.map((it) => it.claim(`message-${round}`, 60_000)),
      )
      const states = (await Promise.all(claims.flat())).map(({ state }) => state)
      expect(states.filter((state) => state === 'claimed')).toHaveLength(1)
      expect(states.filter((state) => state === 'in-progress')).toHaveLength(59)
    }
  })

  it('what may be forgotten is deleted, to the millisecond', async () => {
    const clock = manualClock()
    const database = await store.open([webhookSchema], { clock })
    const replays = databaseReplayStore(database)
    await replays.commit('a', 1_000)
    await replays.commit('b', 1_001)
    clock.advance(999)
    expect(await pruneWebhookMessages(database)).toBe(0)
    clock.advance(1)
    expect(await pruneWebhookMessages(database)).toBe(1)
    const rows = await asSystem(database).read.query('SELECT id FROM webhook_messages')
    expect(rows).toEqual([{ id: 'b' }])
  })
})
