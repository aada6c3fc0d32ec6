// Somebody wants their account deleted. Nothing is lost yet: it goes on as before until the date, and can be kept.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { requireUser } from '../actor.ts'
import { presentTime } from '../present-time.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { holdWithRecentProof } from '../sessions/hold-with-recent-proof.ts'
import { holdWorkspacesOf } from '../workspaces/hold-workspaces-of.ts'
import { dayOf } from './day-of.ts'
import { deletionObstacle } from './deletion-obstacle.ts'

export const requestDeletion = defineVerb({
  name: 'auth.account.delete',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run(ctx): Promise<{ readonly dueAt: number }> {
    const { db, clock, services, requestId, actor } = ctx
    const { policy, url, sendAccountMail } = services.identity
    requireUser(actor)
    await holdWorkspacesOf(db, [actor.id])
    const { userId } = await holdWithRecentProof(ctx)
    const tables = db.tables<IdentityTables>()
    const me = await tables
      .selectFrom('users')
      .select(['email', 'deletion_due_at'])
      .where('id', '=', userId)
      .executeTakeFirstOrThrow()
    if (me.deletion_due_at !== null) {
      ctx.changedNothing()
      return { dueAt: me.deletion_due_at }
    }
    const obstacle = await deletionObstacle(db, userId)
    if (obstacle) throw serviceError(obstacle.code, { detail: obstacle.detail })
    const now = clock.now()
    const dueAt = now + policy.deletionGraceMs
    await tables
      .updateTable('users')
      .set({ deletion_due_at: dueAt, updated_at: now })
      .where('id', '=', userId)
      .execute()
    await sendAccountMail(db, {
      to: me.email,
      subject: `Your account at ${policy.productName} will be deleted`,
      paragraphs: [
        `You asked for it. Your account closes on ${dayOf(dueAt)}; until then everything works as before.`,
        'To keep it, sign in before that day and press “Keep my account”.',
      ],
      action: { label: 'My account', url: `${url}/account` },
      warning: 'If it was not you, sign in, keep the account and choose a new password.',
      requestId,
    })
    await ctx.audit({
      action: 'account.deletion_requested',
      target: { kind: 'user', id: userId },
      details: { due_at: presentTime(dueAt) },
    })
    return { dueAt }
  },
})
