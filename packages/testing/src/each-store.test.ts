import type { PackageSchema } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import { expect, it } from 'vitest'
import { eachStore } from './each-store.ts'

const notes: PackageSchema = {
  name: 'notes',
  migrations: [
    {
      number: 1,
      name: 'notes',
      sqlite: 'CREATE TABLE notes (id TEXT PRIMARY KEY) STRICT',
      postgres: 'CREATE TABLE notes (id TEXT PRIMARY KEY)',
    },
  ],
  dataMap: {
    notes: {
      tenancy: 'global',
      about: 'Rows of this test',
      personal: {},
      retention: 'the test',
      export: 'none',
      erase: 'delete',
    },
  },
}

const names: string[] = []

eachStore((store) => {
  it('opens a migrated database of the named dialect', async () => {
    const database = await store.open([notes])
    names.push(store.name)
    expect(database.dialect).toBe(store.name)
    expect(await asSystem(database).read.query('SELECT id FROM notes')).toEqual([])
  })

  it('gives every call a database of its own, and a second handle on one when its address is named', async () => {
    const url = await store.fresh()
    const first = await store.open([notes], { url })
    const other = await store.open([notes])
    await asSystem(first).transaction((tx) => tx.run('INSERT INTO notes (id) VALUES ($1)', ['a']))
    const second = await store.open([notes], { url })
    expect(await asSystem(second).read.query('SELECT id FROM notes')).toEqual([{ id: 'a' }])
    expect(await asSystem(other).read.query('SELECT id FROM notes')).toEqual([])
  })
})

it('has run on both stores', () => {
  expect(names.sort()).toEqual(['postgres', 'sqlite'])
})
