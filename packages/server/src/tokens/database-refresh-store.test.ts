import { refreshStoreCases } from '@levqor/guard/conformance'
import { eachStore } from '@levqor/testing'
import { describe, it } from 'vitest'
import { databaseRefreshStore } from './database-refresh-store.ts'
import { testTokenSchema } from './test-token-schema.ts'

eachStore((store) => {
  describe('the durable store keeps the contract of every store of refresh tokens', () => {
    const cases = refreshStoreCases(async () => {
      const url = await store.fresh()
      const one = await store.open([testTokenSchema], { url })
      const other = await store.open([testTokenSchema], { url })
      return { stores: [databaseRefreshStore(one), databaseRefreshStore(other)], close: async () => {} }
    })
    for (const { name, run } of cases) it(name, run)
  })
})
