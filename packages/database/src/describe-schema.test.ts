import { postgresForTests, realIds, sqliteForTests, systemClock } from '@levqor/testing'
import { expect, it } from 'vitest'
import { notesSchema } from './notes-for-tests.ts'
import { openDatabase } from './open-database.ts'
import { asSystem, describeSchema } from './system.ts'

it('describes both dialects in the same words', async () => {
  const described = []
  for (const made of [await sqliteForTests(), await postgresForTests()]) {
    const db = await openDatabase({
      url: made.url,
      schemas: [notesSchema],
      clock: systemClock,
      ids: realIds(),
    })
    described.push(await describeSchema(asSystem(db).read))
    await db.close()
    await made.drop()
  }
  expect(described[0]).toEqual(described[1])
  expect(described[0]?.notes).toEqual({
    columns: [
      { name: 'body', type: 'text', nullable: true },
      { name: 'id', type: 'text', nullable: false },
      { name: 'rank', type: 'integer', nullable: false },
      { name: 'workspace_id', type: 'text', nullable: false },
    ],
    primaryKey: ['id'],
    indexes: { notes_rank: { columns: ['workspace_id', 'rank'], unique: true, partial: true } },
  })
})
