// What the runner does while its database is away. A store that fails on demand stands before a real one.

import { databaseError, openDatabase } from '@levqor/database'
import { realIds, sqliteForTests, systemClock, until } from '@levqor/testing'
import { expect, it } from 'vitest'
import { createJobStore, createRunner, defineTask, type JobStore, jobsSchema } from '../index.ts'

const workspaceId = '01890000-0000-7000-8000-000000000001'

it('a database that goes away and comes back costs time and nothing else', async () => {
  const ids = realIds()
  const { url, drop } = await sqliteForTests()
  const database = await openDatabase({ url, schemas: [jobsSchema], clock: systemClock, ids })
  const real = createJobStore({ database, clock: systemClock, ids })
  let away = false
  let refused = 0
  const guarded = <A extends unknown[], R>(verb: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (!away) return verb(...args)
      refused += 1
      throw databaseError('database_unavailable', 'away')
    }
  }
  const store: JobStore = {
    ...real,
    peek: guarded(real.peek),
    claim: guarded(real.claim),
    settle: guarded(real.settle),
    heartbeat: guarded(real.heartbeat),
    record: guarded(real.record),
    seeWorker: guarded(real.seeWorker),
  }
  const messages: string[] = []
  const note = (_: object, message: string) => void messages.push(message)
  const task = defineTask({
    id: 'work',
    async run({ steps }) {
      away = true
      await steps.begin({ stepId: 'a', position: 0, connector: 'x', effect: 'idempotent' })
      const finishing = steps.finish('a', { output: 1 })
      await until(() => refused > 2, { what: 'the database was missed' })
      away = false
      await finishing
      away = true
      setTimeout(() => {
        away = false
      }, 100)
      return { kind: 'succeeded' }
    },
  })
  const log = { debug: note, info: note, warn: note, error: note }
  const runner = createRunner({ store, tasks: [task], pollMs: 10, leaseMs: 3_000, heartbeatMs: 20, log })
  runner.start()
  const { jobId } = await database
    .workspace(workspaceId)
    .transaction((tx) => real.enqueue(tx, { workspaceId, kind: 'work', payload: null }))
  await until(async () => (await real.get({ jobId }))?.state === 'succeeded', { what: 'the job is done' })
  expect(await real.attempts({ jobId })).toMatchObject([{ claim: 1, outcome: 'succeeded' }])
  expect(messages).toContain('heartbeat failed')
  expect(messages).toContain('settlement waits for the database')

  away = true
  const before = refused
  await until(() => refused > before + 1, { what: 'it goes on looking' })
  await runner.stop({ handBackAfterMs: 1 })
  const after = refused
  await database.close()
  await drop()
  expect(refused).toBe(after)
})
