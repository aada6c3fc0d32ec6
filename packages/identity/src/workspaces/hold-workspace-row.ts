// Holds a workspace's row until the transaction ends: whoever changes it, or counts what is in it, takes turns. Workspaces
// come before people (hold-person.ts), so that no two transactions wait for one another.
import type { SystemTransaction, WorkspaceTransaction } from '@levqor/database'
import { asSystemTransaction } from '@levqor/database/system'
import type { IdentityTables, WorkspaceRow } from '../schema/identity-tables.ts'

/** Changes nothing. Returns the workspace as it is from now on; undefined when there is none. */
export function holdWorkspaceRow(
  tx: SystemTransaction | WorkspaceTransaction,
  id: string,
): Promise<Pick<WorkspaceRow, 'name' | 'created_at'> | undefined> {
  return asSystemTransaction(tx)
    .tables<IdentityTables>()
    .updateTable('workspaces')
    .set((by) => ({ name: by.ref('name') }))
    .where('id', '=', id)
    .returning(['name', 'created_at'])
    .executeTakeFirst()
}
