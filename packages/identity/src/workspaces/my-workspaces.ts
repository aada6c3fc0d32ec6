// The workspaces of a person, each with their role in it. Across workspaces, and never without the person.
import type { SystemReader } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'

export function myWorkspaces(db: SystemReader, userId: string) {
  return db
    .tables<IdentityTables>()
    .selectFrom('memberships')
    .innerJoin('workspaces', 'workspaces.id', 'memberships.workspace_id')
    .select(['workspaces.id', 'workspaces.name', 'workspaces.created_at', 'memberships.role'])
    .where('memberships.user_id', '=', userId)
}
