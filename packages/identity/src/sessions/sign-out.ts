// Ends the caller's own session. An operator who acts for somebody leaves altogether: what ends is their own session, and
// with it what hangs on it.
import { z } from 'zod'
import { requireUser } from '../actor.ts'
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
    const { db, actor } = ctx
    requireUser(actor)
    const session = await db
      .tables<IdentityTables>()
      .selectFrom('sessions')
      .leftJoin('sessions as own', 'own.id', 'sessions.impersonator_session_id')
      .select(['sessions.workspace_id', 'own.id as own_id', 'own.workspace_id as own_workspace_id'])
      .where('sessions.id', '=', actor.sessionId)
      .executeTakeFirstOrThrow()
    const id = session.own_id ?? actor.sessionId
    const userId = actor.impersonatedBy ?? actor.id
    const reason = 'signed-out'
    const ended = await endSessions(ctx, { userId, only: id, reason })
    if (ended === 0) return ctx.changedNothing()
    await ctx.audit({
      action: 'session.ended',
      target: { kind: 'session', id },
      details: { reason },
      // Where it began, it also ends.
      workspaceId: session.own_workspace_id ?? session.workspace_id,
    })
  },
})
