// The account of an address: made when there is none, changed where fields are given. Has no password; its person signs in
// by a mailed link, which also confirms the address.
import { upsertUser as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { makeAccount } from '../accounts/make-account.ts'
import { normalisedEmail } from '../accounts/normalised-email.ts'
import { profileColumns } from '../me/profile-columns.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { type UserFacts, userColumns } from './present-user.ts'

export const upsertUser = defineVerb({
  name: 'users.upsert',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['operator'], role: 'owner', scope: 'users:write' },
  input: contract.body.extend({ email: normalisedEmail }),
  async run(ctx, { email, ...given }): Promise<{ readonly user: UserFacts; readonly created: boolean }> {
    const { db, clock } = ctx
    const tables = db.tables<IdentityTables>()
    const find = () =>
      tables.selectFrom('users').select(userColumns).where('email', '=', email).executeTakeFirst()
    const made = await makeAccount(ctx, { email, passwordHash: null, verified: false, ...given })
    const user = await find()
    // Its address changed in this very moment.
    if (!user) throw serviceError('conflict')
    if (made) return { user, created: true }
    const changes = profileColumns(given)
    const same = Object.entries(changes).every(([column, value]) =>
      Object.entries(user).some(([name, held]) => name === column && held === value),
    )
    if (same) {
      ctx.changedNothing()
      return { user, created: false }
    }
    await tables
      .updateTable('users')
      .set({ ...changes, updated_at: clock.now() })
      .where('id', '=', user.id)
      .execute()
    await ctx.audit({ action: 'user.changed', target: { kind: 'user', id: user.id }, personal: changes })
    return { user: (await find()) ?? user, created: false }
  },
})
