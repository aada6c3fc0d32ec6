import { openDatabase } from '@levqor/database'
import { asSystem, describeSchema } from '@levqor/database/system'
import { postgresForTests, realIds, sqliteForTests, systemClock } from '@levqor/testing'
import { expect, it } from 'vitest'
import { levqorSchemas } from '../src/start/schemas.ts'

async function describeAll() {
  const made = { sqlite: await sqliteForTests(), postgres: await postgresForTests() }
  const described = []
  for (const { url, drop } of [made.sqlite, made.postgres]) {
    const database = await openDatabase({ url, schemas: levqorSchemas, clock: systemClock, ids: realIds() })
    described.push({ tables: await describeSchema(asSystem(database).read), dataMap: database.dataMap })
    await database.close()
    await drop()
  }
  return described
}

it('both dialects have the same tables, columns, keys and indexes', async () => {
  const [sqlite, postgres] = await describeAll()
  expect(Object.keys(sqlite?.tables ?? {}).length).toBeGreaterThan(10)
  expect(sqlite?.tables).toEqual(postgres?.tables)
})

it('every table is declared in a data map, every declaration has its table, and tenant tables have their workspace', async () => {
  const [sqlite] = await describeAll()
  const { tables = {}, dataMap = {} } = sqlite ?? {}
  expect(Object.keys(tables).sort()).toEqual(Object.keys(dataMap).sort())
  for (const [name, declaration] of Object.entries(dataMap)) {
    const columns = tables[name]?.columns ?? []
    const names = columns.map((column) => column.name)
    if (declaration.tenancy === 'tenant') {
      const workspace = columns.find((column) => column.name === 'workspace_id')
      expect(workspace, `${name}.workspace_id`).toMatchObject({ type: 'text', nullable: false })
    }
    for (const personal of Object.keys(declaration.personal))
      expect(names, `${name}.${personal}`).toContain(personal)
    expect(declaration.about, name).toMatch(/\w{3}/)
    expect(declaration.retention, name).toMatch(/\w{3}/)
  }
})
