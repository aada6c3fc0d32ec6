// Whatever its members do, a workspace keeps an owner who can sign in. Ask only while the workspace is held.
import { serviceError } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { HeldWorkspace } from '../workspaces/hold-workspace.ts'

/** @throws ServiceError `last_owner` when nobody but `userId` is an owner */
export async function requireOtherOwner({ tx }: HeldWorkspace, userId: string): Promise<void> {
  const other = await tx
    .tables<IdentityTables>()
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .select('users.id')
    .where('memberships.role', '=', 'owner')
    .where('memberships.user_id', '!=', userId)
    // An account that is closed, or is about to be, cannot hand the workspace on.
    .where('users.status', '=', 'active')
    .where('users.deletion_due_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (!other) throw serviceError('last_owner')
}
