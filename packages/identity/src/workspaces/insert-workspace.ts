// Writes a workspace with its owner and what it starts with, in the caller's transaction.
import type { SystemTransaction } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { IdentityServices } from '../services.ts'

export async function insertWorkspace(
  { db, services }: { readonly db: SystemTransaction; readonly services: IdentityServices },
  facts: {
    readonly id: string
    readonly name: string
    readonly ownerId: string
    readonly created_at: number
  },
): Promise<void> {
  const { id, name, ownerId, created_at } = facts
  const tables = db.tables<IdentityTables>()
  await tables.insertInto('workspaces').values({ id, name, plan: 'free', created_at }).execute()
  await tables
    .insertInto('memberships')
    .values({ workspace_id: id, user_id: ownerId, role: 'owner', created_at })
    .execute()
  await services.identity.furnishWorkspace(db, id)
}
