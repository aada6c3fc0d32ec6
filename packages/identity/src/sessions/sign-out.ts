// Ends the caller's own session.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'

export const signOut = defineVerb({
  name: 'auth.logout',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run(ctx): Promise<void> {
    const { db, clock, actor, services, requestId } = ctx
    if (actor.kind !== 'user') throw serviceError('credential_unsuitable')
    const { sessionId, workspaceId } = actor
    const { numUpdatedRows } = await db
      .tables<IdentityTables>()
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
