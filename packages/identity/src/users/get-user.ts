// One account, for operators.
import { getUser as contract, fromPublicId } from '@levqor/client'
import { serviceError } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { type UserFacts, userColumns } from './present-user.ts'

export const getUser = defineVerb({
  name: 'users.get',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['operator'], role: 'owner', scope: 'users:read' },
  input: contract.params,
  async run({ db }, input): Promise<UserFacts> {
    const user = await db
      .tables<IdentityTables>()
      .selectFrom('users')
      .select(userColumns)
      .where('id', '=', fromPublicId('usr', input.id) ?? '')
      .executeTakeFirst()
    if (!user) throw serviceError('user_not_found')
    return user
  },
})
