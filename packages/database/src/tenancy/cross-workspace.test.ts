import { eachStore } from '@levqor/testing'
import { type Kysely, sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { WorkspaceTransaction } from '../handles.ts'
import { type NotesTables, notesSchema } from '../notes-for-tests.ts'
import { asSystem } from '../system.ts'

type Builder = Kysely<NotesTables>

eachStore((store) => {
  async function setup() {
    const db = await store.open([notesSchema])
    const system = asSystem(db)
    await system.transaction(async (tx) => {
      await tx.run(
        `INSERT INTO notes (id, workspace_id, body, rank) VALUES ('a1', 'A', 'mine', 1), ('b1', 'B', 'secret', 1)`,
      )
      await tx.run(`INSERT INTO people (id, name) VALUES ('p', 'Ada')`)
    })
    const a = db.workspace('A')
    return {
      read: a.read.tables<NotesTables>(),
      write: <T>(fn: (builder: Builder, tx: WorkspaceTransaction) => Promise<T>) =>
        a.transaction((tx) => fn(tx.tables<NotesTables>(), tx)),
      foreign: async () =>
        (await system.read.query(`SELECT id, body, rank FROM notes WHERE workspace_id = 'B'`)).map((row) =>
          Object.assign({}, row),
        ),
    }
  }
  const untouched = [{ id: 'b1', body: 'secret', rank: 1 }]

  describe('reads of another workspace come back empty', () => {
    const reads: Record<string, (builder: Builder) => Promise<unknown[]>> = {
      'by id': (k) => k.selectFrom('notes').selectAll().where('id', '=', 'b1').execute(),
      'an OR that tries to reach past the predicate': (k) =>
        k
          .selectFrom('notes')
          .select('id')
          .where('id', '=', 'b1')
          .where(({ or, eb }) => or([eb('id', '=', 'b1'), eb('rank', '=', 1)]))
          .execute(),
      'a raw OR': (k) => k.selectFrom('notes').select('id').where(sql<boolean>`1 = 2 OR id = 'b1'`).execute(),
      'an alias': (k) => k.selectFrom('notes as n').select('n.id').where('n.id', '=', 'b1').execute(),
      'a subquery': (k) =>
        k
          .selectFrom(k.selectFrom('notes').selectAll().as('s'))
          .select('s.id')
          .where('s.id', '=', 'b1')
          .execute(),
      'a common table expression': (k) =>
        k
          .with('w', (q) => q.selectFrom('notes').selectAll())
          .selectFrom('w' as never)
          .selectAll()
          .where('id' as never, '=', 'b1' as never)
          .execute()
          .catch((error) => (error.code === 'system_handle_required' ? [] : Promise.reject(error))),
      'an inner join': (k) =>
        k
          .selectFrom('people')
          .innerJoin('notes', (join) => join.onTrue())
          .select('notes.id')
          .where('notes.id', '=', 'b1')
          .execute(),
      'a union': (k) =>
        k
          .selectFrom('notes')
          .select('id')
          .where('id', '=', 'none')
          .union(k.selectFrom('notes').select('id').where('id', '=', 'b1'))
          .execute(),
      EXISTS: (k) =>
        k
          .selectFrom('people')
          .select('id')
          .where(({ exists }) => exists(k.selectFrom('notes').select('id').where('id', '=', 'b1')))
          .execute(),
      'a scalar subselect': async (k) =>
        (
          await k
            .selectFrom('people')
            .select((eb) => eb.selectFrom('notes').select('body').where('id', '=', 'b1').as('body'))
            .execute()
        ).filter((row) => row.body !== null),
    }
    it.each(Object.keys(reads))('%s', async (name) => {
      const { read } = await setup()
      expect(await reads[name]?.(read)).toEqual([])
    })
  })

  it('a left join keeps its unmatched rows', async () => {
    const { read } = await setup()
    const rows = await read
      .selectFrom('people')
      .leftJoin('notes', (join) => join.on('notes.id', '=', 'b1'))
      .select(['people.id', 'notes.body'])
      .execute()
    expect(rows.map(({ id, body }) => ({ id, body }))).toEqual([{ id: 'p', body: null }])
  })

  it('own rows are read and written without naming the workspace', async () => {
    const { read, write } = await setup()
    await write((k) =>
      k
        .insertInto('notes')
        .values([{ id: 'a2', body: 'new', rank: 2 } as never])
        .execute(),
    )
    await write((k) => k.updateTable('notes').set({ body: 'changed' }).where('id', '=', 'a1').execute())
    const rows = await read.selectFrom('notes').select(['id', 'body', 'workspace_id']).orderBy('id').execute()
    expect(rows.map((row) => Object.values(row).join(' '))).toEqual(['a1 changed A', 'a2 new A'])
  })

  describe('writes to another workspace change nothing', () => {
    const writes: Record<string, (builder: Builder) => Promise<unknown>> = {
      'update by id': (k) => k.updateTable('notes').set({ body: 'hacked' }).where('id', '=', 'b1').execute(),
      'update everything': (k) => k.updateTable('notes').set({ rank: 0 }).execute(),
      'update with an OR': (k) =>
        k
          .updateTable('notes')
          .set({ body: 'hacked' })
          .where(({ or, eb }) => or([eb('id', '=', 'b1'), eb('rank', '=', 1)]))
          .execute(),
      'delete by id': (k) => k.deleteFrom('notes').where('id', '=', 'b1').execute(),
      'delete everything': (k) => k.deleteFrom('notes').execute(),
      'insert over a foreign row': (k) =>
        k
          .insertInto('notes')
          .values({ id: 'b1', body: 'stolen' } as never)
          .onConflict((oc) => oc.column('id').doUpdateSet({ body: 'stolen' }))
          .execute(),
    }
    it.each(Object.keys(writes))('%s', async (name) => {
      const { write, foreign } = await setup()
      await write(async (builder) => writes[name]?.(builder))
      expect(await foreign()).toEqual(untouched)
    })
  })

  describe('is refused', () => {
    const refused: Record<string, [string, (builder: Builder) => Promise<unknown>]> = {
      'insert for another workspace': [
        'workspace_mismatch',
        (k) => k.insertInto('notes').values({ id: 'x', workspace_id: 'B', body: '', rank: 0 }).execute(),
      ],
      'moving a row': [
        'workspace_mismatch',
        (k) => k.updateTable('notes').set({ workspace_id: 'B' }).execute(),
      ],
      'moving a row on conflict': [
        'workspace_mismatch',
        (k) =>
          k
            .insertInto('notes')
            .values({ id: 'a1' } as never)
            .onConflict((oc) => oc.column('id').doUpdateSet({ workspace_id: 'B' }))
            .execute(),
      ],
      'insert from select': [
        'system_handle_required',
        (k) =>
          k
            .insertInto('notes')
            .columns(['id'])
            .expression((eb) => eb.selectFrom('notes').select('id'))
            .execute(),
      ],
      replace: [
        'system_handle_required',
        (k) =>
          k
            .replaceInto('notes')
            .values({ id: 'b1' } as never)
            .execute(),
      ],
      'writing a global table': [
        'system_handle_required',
        (k) => k.insertInto('people').values({ id: 'q', name: 'Eve' }).execute(),
      ],
      'changing a global table': [
        'system_handle_required',
        (k) => k.updateTable('people').set({ name: 'Eve' }).execute(),
      ],
      'emptying a global table': ['system_handle_required', (k) => k.deleteFrom('people').execute()],
      'a table of no data map': [
        'system_handle_required',
        (k) =>
          k
            .selectFrom('undeclared' as never)
            .selectAll()
            .execute(),
      ],
      'a raw statement': ['system_handle_required', (k) => sql`SELECT * FROM notes`.execute(k)],
      'a raw subselect': [
        'system_handle_required',
        (k) => k.selectFrom('people').select(sql<string>`(SELECT body FROM notes)`.as('x')).execute(),
      ],
      'a full join': [
        'system_handle_required',
        (k) =>
          k
            .selectFrom('people')
            .fullJoin('notes', (join) => join.onTrue())
            .select('notes.id')
            .execute(),
      ],
    }
    it.each(Object.keys(refused))('%s', async (name) => {
      const { write, foreign } = await setup()
      const [code, attempt] = refused[name] ?? ['', async () => undefined]
      await expect(write((builder) => attempt(builder))).rejects.toMatchObject({ code })
      expect(await foreign()).toEqual(untouched)
    })
  })
})
