import { asSystem, describeSchema, type SchemaDescription } from '@levqor/database/system'
import { eachStore } from '@levqor/testing'
import { expect, it } from 'vitest'
import { jobsSchema } from './jobs-schema.ts'

let first: SchemaDescription | undefined

eachStore((test) => {
  it('every table is declared, and both dialects have the same', async () => {
    const described = await describeSchema(asSystem(await test.open([jobsSchema])).read)
    const own = Object.fromEntries(Object.entries(described).filter(([table]) => table.startsWith('job')))
    expect(Object.keys(own).sort()).toEqual(Object.keys(jobsSchema.dataMap).sort())
    for (const [table, { tenancy, personal }] of Object.entries(jobsSchema.dataMap)) {
      const columns = own[table]?.columns.map((column) => column.name) ?? []
      expect(columns).toEqual(expect.arrayContaining(Object.keys(personal)))
      expect(columns.includes('workspace_id')).toBe(tenancy === 'tenant')
    }
    first ??= own
    expect(own).toEqual(first)
  })
})
