// Ends the caller's own session. An operator who acts for somebody leaves altogether: their own session ends with it.
import { z } from 'zod'
import { requireUser } from '../actor.ts'
import { endImpersonation } from '../impersonation/end-impersonation.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { endSessions } from './end-sessions.ts'

export const signOut = defineVerb({
  name: 'auth.logout',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer', impersonated: 'allowed' },
  input: z.strictObject({}),
  async run(ctx): Promise<void> {
    const { db, clock, actor, services, requestId } = ctx
    requireUser(actor)
    const { sessionId, workspaceId } = actor
    const tables = db.tables<IdentityTables>()
    if (actor.impersonatedBy !== undefined) {
      const acting = await tables
        .selectFrom('sessions')
        .select(['id', 'impersonator_session_id'])
        .where('id', '=', sessionId)
        .executeTakeFirstOrThrow()
      await endImpersonation(ctx, acting.id, 'stopped')
      await endSessions(ctx, {
        userId: actor.impersonatedBy,
        only: acting.impersonator_session_id ?? '',
        reason: 'signed-out',
      })
      return
    }
    const { numUpdatedRows } = await tables
      .updateTable('sessions')
      .set({ ended_at: clock.now(), ended_reason: 'signed-out' })
      .where('id', '=', sessionId)
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    const { credentials, events } = services.identity
    db.afterCommit(() => credentials.endSession(sessionId, 'signed_out'))
    if (Number(numUpdatedRows) === 0) return ctx.changedNothing()
    await ctx.audit({
      action: 'session.ended',
      target: { kind: 'session', id: sessionId },
      details: { reason: 'signed-out' },
      workspaceId,
    })
    db.afterCommit(() => events.emit({ event: 'session.ended', requestId, actorId: actor.id, workspaceId }))
  },
})
