import { revocationStoreCases } from '@levqor/guard/conformance'
import { eachStore } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { databaseRevocationStore } from './database-revocation-store.ts'
import { testTokenSchema } from './test-token-schema.ts'

eachStore((store) => {
  async function openTwo() {
    const url = await store.fresh()
    const one = await store.open([testTokenSchema], { url })
    const other = await store.open([testTokenSchema], { url })
    return [databaseRevocationStore(one), databaseRevocationStore(other)] as const
  }

  describe('the durable store keeps the contract of every store of revocations', () => {
    const cases = revocationStoreCases(async () => ({ stores: await openTwo(), close: async () => {} }))
    for (const { name, run } of cases) it(name, run)
  })

  it('what was revoked is revoked after a restart', async () => {
    const url = await store.fresh()
    const before = await store.open([testTokenSchema], { url })
    await databaseRevocationStore(before).add({
      kind: 'key',
      id: 'key_1',
      revokedAtMs: 5,
      forgetAtMs: 9,
      cause: 'operator',
    })
    const after = databaseRevocationStore(await store.open([testTokenSchema], { url }))
    expect(await after.find({ key: 'key_1', issuedAtMs: 1 })).toMatchObject({ cause: 'operator' })
    expect(await after.head()).toBe(1)
  })
})
