// Holds every workspace of some people until the transaction ends, so that of two owners who go at once the second is seen
// to be the last. Before the people themselves (hold-person.ts), and in one order, since there may be several.
import type { SystemTransaction } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { holdWorkspaceRow } from './hold-workspace-row.ts'

/** Changes nothing. */
export async function holdWorkspacesOf(db: SystemTransaction, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return
  const theirs = await db
    .tables<IdentityTables>()
    .selectFrom('memberships')
    .select('workspace_id')
    .distinct()
    .where('user_id', 'in', userIds)
    .orderBy('workspace_id')
    .execute()
  for (const { workspace_id } of theirs) await holdWorkspaceRow(db, workspace_id)
}
