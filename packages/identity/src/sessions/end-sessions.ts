// Ends sessions of one person: all of them, all but one, or one; in this process at once, in every other within a second.
// What ends all, or all but one, also ends the sign-ins that wait for their second factor: they are sessions to be.
import { actorIdOf } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { voidFirstFactors } from '../second-factor/void-first-factors.ts'
import type { WriteContext } from '../services.ts'

/** @returns how many were ended */
export async function endSessions(
  ctx: WriteContext,
  which: {
    readonly userId: string
    readonly reason: string
    /** This one goes on. */
    readonly except?: string
    /** Only this one. */
    readonly only?: string
    /** Only those that act in this workspace. */
    readonly workspaceId?: string
  },
): Promise<number> {
  const { db, clock, services, requestId, actor } = ctx
  // Before the sessions: a sign-in that is being completed is waited for, and what it began is ended here.
  if (which.only === undefined && which.workspaceId === undefined) await voidFirstFactors(ctx, which)
  let query = db
    .tables<IdentityTables>()
    .updateTable('sessions')
    .set({ ended_at: clock.now(), ended_reason: which.reason })
    .where('user_id', '=', which.userId)
    .where('ended_at', 'is', null)
  if (which.except !== undefined) query = query.where('id', '!=', which.except)
  if (which.only !== undefined) query = query.where('id', '=', which.only)
  if (which.workspaceId !== undefined) query = query.where('workspace_id', '=', which.workspaceId)
  const ended = await query.returning(['id', 'workspace_id']).execute()
  const { credentials, events } = services.identity
  db.afterCommit(() => {
    for (const { id, workspace_id } of ended) {
      credentials.endSession(id, which.reason)
      events.emit({
        event: 'session.ended',
        requestId,
        actorId: actorIdOf(actor) ?? which.userId,
        workspaceId: workspace_id,
        details: { reason: which.reason },
      })
    }
  })
  return ended.length
}
