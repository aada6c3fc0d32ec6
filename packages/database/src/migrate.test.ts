import { eachStore } from '@levqor/testing'
import { expect, it } from 'vitest'
import { countPendingMigrations } from './migrate.ts'
import type { PackageSchema } from './package-schema.ts'
import { asSystem } from './system.ts'

const declaration = {
  tenancy: 'global',
  about: 'test',
  personal: {},
  retention: 'test',
  export: 'none',
  erase: 'delete',
} as const
const migration = (number: number, sql: string) => ({
  number,
  name: `step-${number}`,
  sqlite: sql,
  postgres: sql,
})
const schema = (...scripts: string[]): PackageSchema => ({
  name: 'demo',
  migrations: scripts.map((sql, index) => migration(index + 1, sql)),
  dataMap: { demo: declaration },
})
const create = 'CREATE TABLE demo (id TEXT PRIMARY KEY)'
const extend = 'ALTER TABLE demo ADD COLUMN note TEXT'

eachStore((store) => {
  it('applies what is new, once, and knows what is pending', async () => {
    const url = await store.fresh()
    const first = await store.open([schema(create)], { url })
    expect(await countPendingMigrations(asSystem(first).read, [schema(create, extend)])).toBe(1)
    const second = await store.open([schema(create, extend)], { url })
    await asSystem(second).transaction((tx) => tx.run(`INSERT INTO demo (id, note) VALUES ('1', 'x')`))
    expect(await countPendingMigrations(asSystem(second).read, [schema(create, extend)])).toBe(0)
  })

  it('refuses a migration that was changed after it had been applied', async () => {
    const url = await store.fresh()
    await store.open([schema(create)], { url })
    await expect(store.open([schema(`${create} `)], { url })).rejects.toMatchObject({
      code: 'migration_changed',
    })
  })

  it('refuses to run on a database of a newer version', async () => {
    const url = await store.fresh()
    await store.open([schema(create, extend)], { url })
    await expect(store.open([schema(create)], { url })).rejects.toMatchObject({ code: 'database_newer' })
  })

  it('a failing migration leaves nothing behind and can be mended', async () => {
    const url = await store.fresh()
    await expect(
      store.open([schema(create, 'ALTER TABLE nowhere ADD COLUMN x TEXT')], { url }),
    ).rejects.toThrow()
    await store.open([schema(create, extend)], { url })
  })

  it('several processes may start at once', async () => {
    const url = await store.fresh()
    await Promise.all([1, 2, 3].map(() => store.open([schema(create, extend)], { url })))
  })
})
