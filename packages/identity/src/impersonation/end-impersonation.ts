// The one place where acting for somebody is written down as over.
import type { IdentityTables, SessionRow } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'

export async function endImpersonation(
  ctx: WriteContext,
  session: Pick<SessionRow, 'id' | 'user_id' | 'workspace_id' | 'impersonator_id'>,
  reason: 'stopped' | 'time-over',
  at = ctx.clock.now(),
): Promise<void> {
  const { db, services, requestId } = ctx
  const { id, user_id: userId, workspace_id: workspaceId } = session
  const operator = session.impersonator_id ?? ''
  const { numUpdatedRows } = await db
    .tables<IdentityTables>()
    .updateTable('sessions')
    .set({ ended_at: at, ended_reason: reason })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (Number(numUpdatedRows) === 0) return ctx.changedNothing()
  await ctx.audit({
    action: 'impersonation.ended',
    target: { kind: 'user', id: userId },
    details: { session: id, operator, reason },
    workspaceId,
  })
  const { credentials, events } = services.identity
  db.afterCommit(() => {
    credentials.endSession(id, reason)
    events.emit({
      event: 'impersonation.ended',
      requestId,
      actorId: operator,
      workspaceId,
      details: { user: userId, session: id, reason },
    })
  })
}
