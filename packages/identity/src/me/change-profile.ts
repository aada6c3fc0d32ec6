// What somebody says of themselves: name, language, currency. What is left out stays.
import { changeProfile as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { requireUser } from '../actor.ts'
import type { IdentityTables, UserRow } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { type ProfileFields, profileColumns } from './profile-columns.ts'

export const changeProfile = defineVerb({
  name: 'auth.me.change',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject(contract.body.shape),
  async run(ctx, input): Promise<Pick<UserRow, keyof ProfileFields>> {
    const { db, clock, actor } = ctx
    requireUser(actor)
    const changes = profileColumns(input)
    const changed = await db
      .tables<IdentityTables>()
      .updateTable('users')
      .set({ ...changes, updated_at: clock.now() })
      .where('id', '=', actor.id)
      .returning(['name', 'locale', 'currency'])
      .executeTakeFirst()
    if (!changed) throw serviceError('credential_invalid')
    await ctx.audit({
      action: 'user.profile_changed',
      target: { kind: 'user', id: actor.id },
      personal: changes,
    })
    return changed
  },
})
