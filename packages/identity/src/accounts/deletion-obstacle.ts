// Why an account cannot go: others depend on it. Asked when its person wants it deleted, and again when the time has come.
import type { SystemTransaction } from '@levqor/database'
import type { ErrorCode } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'

export interface Obstacle {
  readonly code: Extract<ErrorCode, 'last_owner' | 'last_operator'>
  readonly detail: string
}

/** Ask only while the person's workspaces are held. */
export async function deletionObstacle(db: SystemTransaction, userId: string): Promise<Obstacle | undefined> {
  const tables = db.tables<IdentityTables>()
  const orphaned = await tables
    .selectFrom('memberships as mine')
    .innerJoin('workspaces', 'workspaces.id', 'mine.workspace_id')
    .select('workspaces.name')
    .where('mine.user_id', '=', userId)
    .where('mine.role', '=', 'owner')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('memberships as theirs')
          .select('theirs.user_id')
          .whereRef('theirs.workspace_id', '=', 'mine.workspace_id')
          .where('theirs.user_id', '!=', userId),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('memberships as owners')
            .innerJoin('users', 'users.id', 'owners.user_id')
            .select('owners.user_id')
            .whereRef('owners.workspace_id', '=', 'mine.workspace_id')
            .where('owners.user_id', '!=', userId)
            .where('owners.role', '=', 'owner')
            .where('users.status', '=', 'active')
            // Somebody who is about to go, too, cannot be left with it.
            .where('users.deletion_due_at', 'is', null),
        ),
      ),
    )
    .orderBy('workspaces.name')
    .execute()
  if (orphaned.length > 0) {
    const names = orphaned.map(({ name }) => `“${name}”`).join(', ')
    return {
      code: 'last_owner',
      detail: `You are the only owner of ${names}. Make another member an owner there, or remove the others.`,
    }
  }
  const operators = await tables
    .selectFrom('users')
    .select(['id', 'deletion_due_at'])
    .where('operator', '=', 1)
    .where('status', '=', 'active')
    .execute()
  const isOperator = operators.some(({ id }) => id === userId)
  if (isOperator && !operators.some((one) => one.id !== userId && one.deletion_due_at === null)) {
    return { code: 'last_operator', detail: 'You are the only operator of this installation.' }
  }
  return undefined
}
