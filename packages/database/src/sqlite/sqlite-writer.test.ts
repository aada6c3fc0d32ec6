import { realIds, sqliteForTests } from '@levqor/testing'
import { expect, it } from 'vitest'
import { databaseError } from '../database-error.ts'
import { openSqliteConnection, type SqliteConnection } from './sqlite-connection.ts'
import { createSqliteWriter } from './sqlite-writer.ts'

const ids = realIds()

/** A connection whose statements fail on demand, as they do when the disk breaks. */
async function setup(fails: (sql: string) => boolean) {
  const { path, drop } = await sqliteForTests()
  const real = openSqliteConnection({ path, readOnly: false, synchronous: 'FULL', busyTimeoutMs: 5 })
  real.exec('CREATE TABLE t (id TEXT PRIMARY KEY) STRICT')
  const connection: SqliteConnection = {
    ...real,
    get isTransaction() {
      return real.isTransaction
    },
    exec(sql) {
      if (fails(sql))
        throw databaseError(
          sql === 'BEGIN IMMEDIATE' ? 'database_busy' : 'database_unavailable',
          'disk I/O error',
        )
      real.exec(sql)
    },
  }
  const writer = createSqliteWriter(connection, { lockWaitMs: 100, stuckAfterMs: 1_000 })
  const add = () =>
    writer.transaction(({ runner }) => runner.run('INSERT INTO t (id) VALUES ($1)', [ids.next()]))
  const fail = () =>
    writer.transaction(async ({ runner }) => {
      await runner.run('INSERT INTO t (id) VALUES ($1)', [ids.next()])
      throw new Error('no')
    })
  const count = async () => (await real.query('SELECT id FROM t')).length
  return {
    add,
    fail,
    count,
    async [Symbol.asyncDispose]() {
      await writer.close()
      real.close()
      await drop()
    },
  }
}

it('a rollback that fails leaves nobody waiting: its whole group is told, and the next one works', async () => {
  let broken = true
  await using writer = await setup((sql) => broken && sql.startsWith('ROLLBACK'))
  const group = await Promise.allSettled([writer.add(), writer.fail(), writer.add()])
  expect(group.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
  broken = false
  await writer.add()
  const kept = group.filter(({ status }) => status === 'fulfilled').length
  expect(await writer.count()).toBe(kept + 1)
})

it('a rollback that fails never lets the failed work be committed', async () => {
  let broken = true
  await using writer = await setup((sql) => broken && sql.startsWith('ROLLBACK'))
  await expect(writer.fail()).rejects.toThrow('no')
  broken = false
  await writer.add()
  expect(await writer.count()).toBe(1)
})

it('a commit that fails is told to everybody whose work was in it, and nothing of it is kept', async () => {
  let broken = true
  await using writer = await setup((sql) => broken && sql === 'COMMIT')
  const group = await Promise.allSettled([writer.add(), writer.add(), writer.add()])
  expect(group.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  broken = false
  await writer.add()
  expect(await writer.count()).toBe(1)
})

it('callers behind a long lock do not wait in turn: everyone is answered within one waiting time', async () => {
  await using writer = await setup((sql) => sql === 'BEGIN IMMEDIATE')
  const started = performance.now()
  await Promise.allSettled(Array.from({ length: 300 }, () => writer.add()))
  // Five groups of at most 64; one after the other they would need five times as long.
  expect(performance.now() - started).toBeLessThan(400)
})
