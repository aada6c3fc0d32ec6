// An operator closes or opens an account, or changes how its person is named. Never the address: that is proven by its
// mailboxes alone.
import { changeUser as contract, fromPublicId } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { closeAccount } from '../accounts/close-account.ts'
import { holdPeople } from '../accounts/hold-person.ts'
import { profileColumns } from '../me/profile-columns.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb, type WriteContext } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { type UserFacts, userColumns } from './present-user.ts'

export const changeUser = defineVerb({
  name: 'users.change',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['operator'], role: 'owner', scope: 'users:write' },
  input: z.strictObject({ ...contract.params.shape, ...contract.body.shape }),
  async run(ctx, { id, status, ...given }): Promise<UserFacts> {
    const { db, clock, actor } = ctx
    const userId = fromPublicId('usr', id) ?? ''
    const tables = db.tables<IdentityTables>()
    if (status === 'disabled') await requireAnotherOperator(ctx, userId)
    const find = () =>
      tables.selectFrom('users').select(userColumns).where('id', '=', userId).executeTakeFirst()
    const before = await find()
    if (!before) throw serviceError('user_not_found')
    // A key has nobody at a keyboard.
    if (status !== undefined && actor.kind === 'user') await requireRecentProof(ctx)
    const target = { kind: 'user', id: userId }
    const changes = profileColumns(given)
    if (Object.keys(changes).length > 0) {
      await tables
        .updateTable('users')
        .set({ ...changes, updated_at: clock.now() })
        .where('id', '=', userId)
        .execute()
      await ctx.audit({ action: 'user.changed', target, personal: changes })
    }
    if (status === 'disabled') {
      const ended = await closeAccount(ctx, { userId, cause: 'operator' })
      if (ended)
        await ctx.audit({ action: 'account.closed', target, details: { cause: 'operator', ...ended } })
      else ctx.changedNothing()
    }
    if (status === 'active') {
      const { numUpdatedRows } = await tables
        .updateTable('users')
        // With a date in the past it would be closed again within the minute.
        .set({ status: 'active', deletion_due_at: null, updated_at: clock.now() })
        .where('id', '=', userId)
        .where('status', '=', 'disabled')
        .executeTakeFirst()
      if (Number(numUpdatedRows) === 1) await ctx.audit({ action: 'account.opened', target })
      else ctx.changedNothing()
    }
    return (await find()) ?? before
  },
})

/**
 * Nobody closes their own account here, so an operator always remains – if of two who close one another at once the second
 * sees that they are none any more. Holds the operators for that, together with who is to be closed.
 */
async function requireAnotherOperator({ db, actor }: WriteContext, userId: string): Promise<void> {
  const tables = db.tables<IdentityTables>()
  const operators = await tables.selectFrom('users').select('id').where('operator', '=', 1).execute()
  await holdPeople(db, [userId, ...operators.map(({ id }) => id)])
  const mine =
    actor.kind === 'apiKey'
      ? tables
          .selectFrom('api_keys')
          .innerJoin('users', 'users.id', 'api_keys.created_by')
          .select(['users.id', 'users.status', 'users.operator'])
          .where('api_keys.id', '=', actor.id)
      : tables
          .selectFrom('users')
          .select(['id', 'status', 'operator'])
          .where('id', '=', actor.kind === 'user' ? actor.id : '')
  const me = await mine.executeTakeFirst()
  if (me?.status !== 'active' || me.operator !== 1) throw serviceError('operator_required')
  if (me.id === userId) {
    throw serviceError('last_operator', {
      detail:
        'Nobody closes their own account here: ask for its deletion in your account, or ask another operator.',
    })
  }
}
