// Ends one of the caller's sessions, in whichever browser it is: its requests and its live streams.
import { endSession as contract, fromPublicId } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { requireUser } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { endSessions } from './end-sessions.ts'

export const endSession = defineVerb({
  name: 'auth.sessions.end',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.params,
  async run(ctx, input): Promise<void> {
    const { db, actor } = ctx
    requireUser(actor)
    const id = fromPublicId('ses', input.id) ?? ''
    const mine = await db
      .tables<IdentityTables>()
      .selectFrom('sessions')
      .select(['workspace_id', 'impersonator_id'])
      .where('id', '=', id)
      .where('user_id', '=', actor.id)
      .executeTakeFirst()
    if (!mine) throw serviceError('not_found', { detail: 'You have no session with this identifier.' })
    const ended = await endSessions(ctx, { userId: actor.id, only: id, reason: 'ended-by-owner' })
    if (ended === 0) return ctx.changedNothing()
    // As it began: acting for somebody has rows of its own (end-impersonation.ts).
    if (mine.impersonator_id !== null) return
    await ctx.audit({
      action: 'session.ended',
      target: { kind: 'session', id },
      details: { reason: 'ended-by-owner' },
      // Where it began, it also ends.
      workspaceId: mine.workspace_id,
    })
  },
})
