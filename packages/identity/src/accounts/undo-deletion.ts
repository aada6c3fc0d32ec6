// The account stays after all. Needs no fresh proof: it only undoes.
import { z } from 'zod'
import { requireUser } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'

export const undoDeletion = defineVerb({
  name: 'auth.account.keep',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run(ctx): Promise<void> {
    const { db, clock, actor, services, requestId } = ctx
    requireUser(actor)
    const kept = await db
      .tables<IdentityTables>()
      .updateTable('users')
      .set({ deletion_due_at: null, updated_at: clock.now() })
      .where('id', '=', actor.id)
      .where('status', '=', 'active')
      .where('deletion_due_at', 'is not', null)
      .returning('email')
      .executeTakeFirst()
    if (!kept) return ctx.changedNothing()
    await services.identity.sendAccountMail(db, {
      to: kept.email,
      subject: `Your account at ${services.identity.policy.productName} stays`,
      paragraphs: ['The request to delete it was undone.'],
      warning: 'If it was not you, choose a new password at once: somebody else is signed in as you.',
      requestId,
    })
    await ctx.audit({ action: 'account.deletion_undone', target: { kind: 'user', id: actor.id } })
  },
})
