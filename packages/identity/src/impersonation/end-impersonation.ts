// The one place where acting for somebody is written down as over: when it ended, why, for the log and as an event. Its end
// may lie behind: from the end of its time, or of the operator's own session, on nobody has acted any more.
import { actorIdOf } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'

/**
 * @param reason why it ends now; if it was over before, what ended it then is written down
 * @returns false when it had been written down before
 */
export async function endImpersonation(ctx: WriteContext, id: string, reason: string): Promise<boolean> {
  const { db, clock, actor, services, requestId } = ctx
  const tables = db.tables<IdentityTables>()
  const visit = await tables
    .selectFrom('sessions as visit')
    .leftJoin('sessions as own', 'own.id', 'visit.impersonator_session_id')
    .select(['visit.user_id', 'visit.workspace_id', 'visit.impersonator_id', 'visit.expires_at'])
    .select('own.ended_at as own_ended_at')
    .where('visit.id', '=', id)
    .executeTakeFirst()
  if (!visit) return false
  const end = endOf(visit, { at: clock.now(), reason })
  const { numUpdatedRows } = await tables
    .updateTable('sessions')
    .set({ ended_at: end.at, ended_reason: end.reason })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (Number(numUpdatedRows) === 0) return false
  const { user_id: userId, workspace_id: workspaceId } = visit
  const operator = visit.impersonator_id ?? ''
  await ctx.audit({
    action: 'impersonation.ended',
    target: { kind: 'user', id: userId },
    details: { session: id, operator, reason: end.reason },
    workspaceId,
  })
  const { credentials, events } = services.identity
  db.afterCommit(() => {
    credentials.endSession(id, end.reason)
    events.emit({
      event: 'impersonation.ended',
      requestId,
      // A chore only writes it down.
      actorId: (actor.kind === 'system' ? undefined : actorIdOf(actor)) ?? operator,
      workspaceId,
      details: { user: userId, session: id, operator, reason: end.reason },
    })
  })
  return true
}

interface End {
  /** Epoch milliseconds. */
  readonly at: number
  readonly reason: string
}

function endOf(visit: { readonly expires_at: number; readonly own_ended_at: number | null }, now: End): End {
  const { expires_at: expiresAt, own_ended_at: ownEndedAt } = visit
  if (ownEndedAt !== null && ownEndedAt < expiresAt) return { at: ownEndedAt, reason: 'own-session-ended' }
  return expiresAt <= now.at ? { at: expiresAt, reason: 'time-over' } : now
}
