// Closes the accounts whose time to undo a deletion is over. What is kept of them, and for how long, is decided elsewhere:
// the row stays, closed, with the date, for whoever erases it.
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { holdWorkspacesOf } from '../workspaces/hold-workspaces-of.ts'
import { closeAccount } from './close-account.ts'
import { deletionObstacle } from './deletion-obstacle.ts'
import { holdPeople } from './hold-person.ts'

const atOnce = 100

export const closeDueAccounts = defineVerb({
  name: 'accounts.close-due',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['system'] },
  input: z.strictObject({}),
  async run(ctx): Promise<{ readonly looked: number }> {
    const { db, clock, services, requestId } = ctx
    const now = clock.now()
    const tables = db.tables<IdentityTables>()
    const candidates = await tables
      .selectFrom('users')
      .select('id')
      .where('deletion_due_at', '<=', now)
      .where('status', '=', 'active')
      .orderBy('deletion_due_at')
      .limit(atOnce)
      .execute()
    if (candidates.length === 0) {
      ctx.changedNothing()
      return { looked: 0 }
    }
    const ids = candidates.map(({ id }) => id)
    await holdWorkspacesOf(db, ids)
    // Whoever presses "keep" in this moment is either in time or too late.
    await holdPeople(db, ids)
    const due = await tables
      .selectFrom('users')
      .select(['id', 'email'])
      .where('id', 'in', ids)
      .where('deletion_due_at', '<=', now)
      .where('status', '=', 'active')
      .orderBy('deletion_due_at')
      .execute()
    if (due.length === 0) ctx.changedNothing()
    for (const { id, email } of due) {
      const obstacle = await deletionObstacle(db, id)
      if (obstacle) {
        // Others came to depend on it meanwhile. The request falls, so that its person decides anew.
        await tables.updateTable('users').set({ deletion_due_at: null }).where('id', '=', id).execute()
        await services.identity.sendAccountMail(db, {
          to: email,
          subject: `Your account at ${services.identity.policy.productName} could not be deleted`,
          paragraphs: [obstacle.detail, 'Your account stays open. Ask again when that is done.'],
          warning: 'If you did not ask for it, choose a new password.',
          requestId,
        })
        await ctx.audit({
          action: 'account.deletion_refused',
          target: { kind: 'user', id },
          details: { cause: obstacle.code },
        })
        continue
      }
      const ended = await closeAccount(ctx, { userId: id, cause: 'deletion' })
      await ctx.audit({
        action: 'account.closed',
        target: { kind: 'user', id },
        details: { cause: 'deletion', ...ended },
      })
    }
    return { looked: due.length }
  },
})
