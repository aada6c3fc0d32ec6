// Ends sessions of one person: all of them, all but one, or one; in this process at once, in every other within a second.
// What ends all, or all but one, also ends the sign-ins that wait for their second factor: they are sessions to be.
// Wherever the person is an operator who acts for somebody from a session that ends, that ends in the same transaction.
import { actorIdOf } from '../actor.ts'
import { endImpersonation } from '../impersonation/end-impersonation.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { voidFirstFactors } from '../second-factor/void-first-factors.ts'
import type { WriteContext } from '../services.ts'

interface SessionsToEnd {
  readonly userId: string
  readonly reason: string
  /** This one goes on. */
  readonly except?: string
  /** Only this one. */
  readonly only?: string
  /** Only those that act in this workspace. */
  readonly workspaceId?: string
}

/** @returns how many of the person were ended, with those in which an operator acted for them */
export async function endSessions(ctx: WriteContext, which: SessionsToEnd): Promise<number> {
  const { db, clock, services, requestId, actor } = ctx
  // Before the sessions: a sign-in that is being completed is waited for, and what it began is ended here.
  if (which.only === undefined && which.workspaceId === undefined) await voidFirstFactors(ctx, which)
  let query = db
    .tables<IdentityTables>()
    .updateTable('sessions')
    .set({ ended_at: clock.now(), ended_reason: which.reason })
    .where('user_id', '=', which.userId)
    .where('impersonator_id', 'is', null)
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
  return ended.length + (await endVisits(ctx, which))
}

/** Comes after their own sessions have ended. In one order, so that no two transactions wait for one another. */
async function endVisits(ctx: WriteContext, which: SessionsToEnd): Promise<number> {
  const { userId, reason, except, only, workspaceId } = which
  const open = await ctx.db
    .tables<IdentityTables>()
    .selectFrom('sessions as visit')
    .leftJoin('sessions as own', 'own.id', 'visit.impersonator_session_id')
    .select(['visit.id', 'visit.user_id', 'visit.workspace_id', 'own.ended_at as own_ended_at'])
    .where((by) => by.or([by('visit.user_id', '=', userId), by('visit.impersonator_id', '=', userId)]))
    .where('visit.impersonator_id', 'is not', null)
    .where('visit.ended_at', 'is', null)
    .orderBy('visit.id')
    .execute()
  let ended = 0
  for (const visit of open) {
    const { id } = visit
    const mine = visit.user_id === userId
    const chosen =
      (only === undefined || id === only) &&
      id !== except &&
      (workspaceId === undefined || visit.workspace_id === workspaceId)
    if (mine ? !chosen : visit.own_ended_at === null) continue
    if ((await endImpersonation(ctx, id, reason)) && mine) ended++
  }
  return ended
}
