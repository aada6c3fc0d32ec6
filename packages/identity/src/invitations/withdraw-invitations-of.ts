// What somebody has offered in a role that they no longer have is not on offer any more: else whoever is about to be
// removed could invite another mailbox of theirs first.
import type { WorkspaceTransaction } from '@levqor/database'
import { type WorkspaceRole, workspaceRoles } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { isAtLeast, mayManage } from '../workspaces/role-rules.ts'

/**
 * Withdraws the open invitations that `userId` could not send with their new role; without a role, all of them.
 * @returns how many
 */
export async function withdrawInvitationsOf(
  tx: WorkspaceTransaction,
  {
    userId,
    role,
    now,
  }: {
    readonly userId: string
    readonly role: WorkspaceRole | undefined
    readonly now: number
  },
): Promise<number> {
  const mayInvite = role !== undefined && isAtLeast(role, 'admin')
  const lost = workspaceRoles.filter((offered) => !mayInvite || !mayManage(role, offered))
  if (lost.length === 0) return 0
  const { numUpdatedRows } = await tx
    .tables<IdentityTables>()
    .updateTable('invitations')
    .set({ withdrawn_at: now })
    .where('invited_by', '=', userId)
    .where('role', 'in', lost)
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
