// Writes another role of a member: the row, what they may no longer offer others, the audit row, and who must forget
// what they believed. The caller has decided that it may be.
import type { WorkspaceRole } from '@levqor/server'
import { withdrawInvitationsOf } from '../invitations/withdraw-invitations-of.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'
import type { HeldWorkspace } from '../workspaces/hold-workspace.ts'
import type { MemberFacts } from './present-member.ts'

export async function setRole(
  ctx: WriteContext,
  workspace: HeldWorkspace,
  { id, role: from }: Pick<MemberFacts, 'id' | 'role'>,
  to: WorkspaceRole,
): Promise<void> {
  const { db, services, clock } = ctx
  await workspace.tx
    .tables<IdentityTables>()
    .updateTable('memberships')
    .set({ role: to })
    .where('user_id', '=', id)
    .execute()
  const withdrawn = await withdrawInvitationsOf(workspace.tx, { userId: id, role: to, now: clock.now() })
  await ctx.audit({
    action: 'member.role_changed',
    target: { kind: 'user', id },
    details: { from, to, ...(withdrawn > 0 ? { invitations_withdrawn: withdrawn } : {}) },
    workspaceId: workspace.id,
  })
  db.afterCommit(() => services.identity.credentials.changeRights(id, 'role_changed'))
}
