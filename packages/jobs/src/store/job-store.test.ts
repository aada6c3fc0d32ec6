// The store on both databases. One database per dialect, emptied between tests: making one takes longer than a test.
import { type Database, openDatabase } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import { manualClock, postgresForTests, realIds, sqliteForTests } from '@levqor/testing'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { jobStoreConformance } from '../conformance/index.ts'
import { createJobStore, jobsSchema } from '../index.ts'

const clock = manualClock()
const start = clock.now()
const ids = realIds()

describe.each([
  ['sqlite', sqliteForTests],
  ['postgres', postgresForTests],
])('on %s', (_, fresh) => {
  let database: Database
  let drop: () => Promise<void>

  beforeAll(async () => {
    const made = await fresh()
    drop = made.drop
    database = await openDatabase({ url: made.url, schemas: [jobsSchema], clock, ids })
  })

  afterEach(async () => {
    clock.set(start)
    await asSystem(database).transaction(async (tx) => {
      for (const table of Object.keys(jobsSchema.dataMap)) await tx.run(`DELETE FROM ${table}`)
    })
  })

  afterAll(async () => {
    await database.close()
    await drop()
  })

  jobStoreConformance(async (options) => ({
    database,
    clock,
    store: createJobStore({ database, clock, ids, ...options }),
  }))
})
