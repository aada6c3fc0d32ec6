import { DatabaseSync } from 'node:sqlite'
import { eachStore, realIds, sqliteForTests, systemClock } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { isTransientDatabaseError, isUniqueViolation } from './database-error.ts'
import { type NotesTables, notesSchema } from './notes-for-tests.ts'
import { type Database, openDatabase } from './open-database.ts'
import { asSystem, type SystemTransaction } from './system.ts'

const insert = 'INSERT INTO notes (id, workspace_id, body) VALUES ($1, $2, $3)'

eachStore((store) => {
  async function setup() {
    const db = await store.open([notesSchema])
    const system = asSystem(db)
    return {
      db,
      system,
      ids: async () =>
        (await system.read.query<{ id: string }>('SELECT id FROM notes ORDER BY id')).map((row) => row.id),
    }
  }

  it('keeps all of a transaction or nothing', async () => {
    const { system, ids } = await setup()
    await expect(
      system.transaction(async (tx) => {
        await tx.run(insert, ['1', 'A', null])
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await ids()).toEqual([])
  })

  it('one failing transaction among many waiting ones takes no other with it', async () => {
    const { system, ids } = await setup()
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) =>
        system.transaction(async (tx) => {
          await tx.run(insert, [String(index).padStart(3, '0'), 'A', null])
          if (index % 10 === 3) throw new Error('no')
          return index
        }),
      ),
    )
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(10)
    expect(await ids()).toEqual(
      Array.from({ length: 100 }, (_, index) => index)
        .filter((index) => index % 10 !== 3)
        .map((index) => String(index).padStart(3, '0')),
    )
  })

  it('tells a unique violation by its code and rolls back', async () => {
    const { system, ids } = await setup()
    const twice = async (tx: SystemTransaction) => {
      await tx.run(insert, ['1', 'A', null])
      await tx.run(insert, ['1', 'A', null])
    }
    const error = await system.transaction(twice).catch((reason: unknown) => reason)
    expect(isUniqueViolation(error)).toBe(true)
    expect(await ids()).toEqual([])
  })

  it('after-commit hooks run after the row can be read, and never after a rollback', async () => {
    const { db, system } = await setup()
    const seen: string[] = []
    await db.workspace('A').transaction(async (tx) => {
      tx.afterCommit(() => seen.push('committed'))
      await tx
        .tables<NotesTables>()
        .insertInto('notes')
        .values({ id: '1' } as never)
        .execute()
      expect(seen).toEqual([])
    })
    await expect(
      system.transaction(async (tx) => {
        tx.afterCommit(() => seen.push('rolled back'))
        throw new Error('no')
      }),
    ).rejects.toThrow()
    expect(seen).toEqual(['committed'])
  })

  it('a handle that outlives its transaction is dead', async () => {
    const { system } = await setup()
    let kept: SystemTransaction | undefined
    await system.transaction(async (tx) => {
      kept = tx
    })
    await expect(kept?.run(insert, ['1', 'A', null])).rejects.toMatchObject({ code: 'transaction_finished' })
  })

  it('counts affected rows, reads integers as numbers and returns RETURNING rows', async () => {
    const { system } = await setup()
    await system.transaction(async (tx) => {
      expect(
        await tx.run(
          `INSERT INTO notes (id, workspace_id, rank) VALUES ('1', 'A', 5000000000), ('2', 'A', 7)`,
        ),
      ).toBe(2)
      const rows = await tx.query<{ rank: number }>(
        'UPDATE notes SET rank = rank + 1 WHERE id = $1 RETURNING rank',
        ['1'],
      )
      expect(rows.map((row) => row.rank)).toEqual([5000000001])
      const [sum] = await tx.query<{ total: number }>('SELECT sum(rank) AS total FROM notes')
      expect(sum?.total).toBe(5000000008)
    })
  })

  it('reads outside a transaction do not see what is not committed', async () => {
    const { system, ids } = await setup()
    await system.transaction(async (tx) => {
      await tx.run(insert, ['1', 'A', null])
      expect(await ids()).toEqual([])
    })
    expect(await ids()).toEqual(['1'])
  })
})

describe('a SQLite file in trouble', () => {
  const open: Database[] = []
  const drops: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const db of open.splice(0)) await db.close()
    for (const drop of drops.splice(0)) await drop()
  })

  async function setup(lockWaitMs: number) {
    const { url, path, drop } = await sqliteForTests()
    drops.push(drop)
    const db = await openDatabase({
      url,
      schemas: [notesSchema],
      clock: systemClock,
      ids: realIds(),
      lockWaitMs,
    })
    open.push(db)
    return { db, system: asSystem(db), path }
  }
  const add = (id: string) => (tx: SystemTransaction) => tx.run(insert, [id, 'A', 'x'.repeat(1000)])

  it('locked by another process: fails cleanly after the wait and works again afterwards', async () => {
    const { system, path } = await setup(50)
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    const error = await system.transaction(add('1')).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'database_busy' })
    expect(isTransientDatabaseError(error)).toBe(true)
    other.exec('ROLLBACK')
    other.close()
    await system.transaction(add('1'))
    expect(await system.read.query('SELECT id FROM notes')).toHaveLength(1)
  })

  it('waits for a short lock without failing, and without blocking the event loop', async () => {
    const { system, path } = await setup(5_000)
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    const waiting = system.transaction(add('1'))
    await new Promise((resolve) => setTimeout(resolve, 30))
    other.exec('COMMIT')
    other.close()
    expect(await waiting).toBe(1)
  })

  it('full disk: the request fails, what was committed stays, and nothing is half-written', async () => {
    const { system } = await setup(1_000)
    await system.transaction(add('kept'))
    const [pages] = await system.read.query<{ page_count: number }>('PRAGMA page_count')
    await system.transaction((tx) => tx.query(`PRAGMA max_page_count = ${(pages?.page_count ?? 0) + 2}`))
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => system.transaction(add(`n${index}`))),
    )
    const failed = results.filter((result) => result.status === 'rejected')
    expect(failed.length).toBeGreaterThan(0)
    for (const { reason } of failed) expect(reason).toMatchObject({ code: 'database_full' })
    const rows = await system.read.query<{ id: string }>('SELECT id FROM notes')
    expect(rows.map((row) => row.id).sort()).toEqual(
      [
        'kept',
        ...results.flatMap((result, index) => (result.status === 'fulfilled' ? [`n${index}`] : [])),
      ].sort(),
    )
  })

  it('a callback that waits for something else than the database is rolled back', async () => {
    const { url, drop } = await sqliteForTests()
    drops.push(drop)
    const db = await openDatabase({
      url,
      schemas: [notesSchema],
      clock: systemClock,
      ids: realIds(),
      stuckAfterMs: 50,
    })
    open.push(db)
    const system = asSystem(db)
    await expect(
      system.transaction(async (tx) => {
        await tx.run(insert, ['1', 'A', null])
        await new Promise(() => undefined)
      }),
    ).rejects.toMatchObject({ code: 'transaction_stuck' })
    expect(await system.read.query('SELECT id FROM notes')).toEqual([])
  })

  it.each(['sqlite:', 'sqlite::memory:', 'mysql://x', ''])('refuses the address %j', async (url) => {
    await expect(
      openDatabase({ url, schemas: [], clock: systemClock, ids: realIds() }),
    ).rejects.toMatchObject({
      code: 'bad_database_url',
    })
  })
})

it('a PostgreSQL that does not answer is told apart from a wrong statement', async () => {
  const error = await openDatabase({
    url: 'postgres://nobody@127.0.0.1:1/none',
    schemas: [],
    clock: systemClock,
    ids: realIds(),
  }).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'database_unavailable' })
})
