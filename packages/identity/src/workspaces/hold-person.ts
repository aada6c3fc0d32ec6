// Holds a person's row until the transaction ends: parallel changes that count or choose among their workspaces take
// turns.
import type { SystemTransaction } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'

export async function holdPerson(db: SystemTransaction, userId: string): Promise<void> {
  await db
    .tables<IdentityTables>()
    .updateTable('users')
    .set((by) => ({ status: by.ref('status') }))
    .where('id', '=', userId)
    .execute()
}
