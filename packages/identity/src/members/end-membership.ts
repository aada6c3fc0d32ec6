// Ends a membership with everything that hung on it: sessions that act in the workspace, keys that the person made in it,
// invitations that they sent. The caller has decided that it may be.
import { holdPerson } from '../accounts/hold-person.ts'
import { actorIdOf } from '../actor.ts'
import { withdrawInvitationsOf } from '../invitations/withdraw-invitations-of.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import type { HeldWorkspace } from '../workspaces/hold-workspace.ts'
import { insertWorkspace } from '../workspaces/insert-workspace.ts'
import { myWorkspaces } from '../workspaces/my-workspaces.ts'
import type { WorkspaceFacts } from '../workspaces/present-workspace.ts'

export async function endMembership(
  ctx: WriteContext,
  workspace: HeldWorkspace,
  facts: {
    readonly userId: string
    readonly action: 'member.removed' | 'member.left'
    /** A session that goes on in another workspace. */
    readonly keepSession?: string
  },
): Promise<WorkspaceFacts> {
  const { db, clock, services, requestId, actor } = ctx
  const { userId, action, keepSession } = facts
  const now = clock.now()
  await holdPerson(db, userId)
  const bound = workspace.tx.tables<IdentityTables>()
  await bound.deleteFrom('memberships').where('user_id', '=', userId).execute()
  const withdrawn = await withdrawInvitationsOf(workspace.tx, { userId, role: undefined, now })
  // Without their maker's membership they are not found (find-credential.ts); revoked, they also do not come back to
  // life when the person does.
  const keys = await bound
    .updateTable('api_keys')
    .set({ revoked_at: now, revoked_reason: 'maker_left' })
    .where('created_by', '=', userId)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute()
  const sessionsEnded = await endSessions(ctx, {
    userId,
    workspaceId: workspace.id,
    reason: 'membership-ended',
    ...(keepSession === undefined ? {} : { except: keepSession }),
  })
  const next = await nextWorkspace(ctx, userId)
  await ctx.audit({
    action,
    target: { kind: 'user', id: userId },
    details: {
      keys_revoked: keys.length,
      sessions_ended: sessionsEnded,
      invitations_withdrawn: withdrawn,
    },
    workspaceId: workspace.id,
  })
  const { credentials, events } = services.identity
  const said = { requestId, actorId: actorIdOf(actor), workspaceId: workspace.id }
  db.afterCommit(() => {
    for (const { id } of keys) {
      credentials.endApiKey(id, 'maker_left')
      events.emit({ event: 'key.revoked', ...said, details: { key: id } })
    }
    credentials.changeRights(userId, 'membership_ended')
  })
  return next
}

// An account that belongs nowhere could not sign in, not even to accept the next invitation: whoever loses their last
// workspace gets one of their own. Ask only while the person is held.
async function nextWorkspace(ctx: WriteContext, userId: string): Promise<WorkspaceFacts> {
  const { db, ids, clock } = ctx
  const other = await myWorkspaces(db, userId)
    .orderBy('memberships.created_at')
    .orderBy('workspaces.id')
    .executeTakeFirst()
  if (other) return { ...other, current: true }
  const made = { id: ids.next(), name: 'My workspace', created_at: clock.now() }
  await insertWorkspace(ctx, { ...made, ownerId: userId })
  await ctx.audit({
    action: 'workspace.created',
    target: { kind: 'workspace', id: made.id },
    details: { owner: userId, cause: 'last-membership-ended' },
    workspaceId: made.id,
  })
  return { ...made, role: 'owner', current: true }
}
