// The one statement that withdraws an invitation.
import type { WorkspaceTransaction } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'

/** False when it was accepted or withdrawn already. */
export async function closeInvitation(tx: WorkspaceTransaction, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .tables<IdentityTables>()
    .updateTable('invitations')
    .set({ withdrawn_at: now })
    .where('id', '=', id)
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}
