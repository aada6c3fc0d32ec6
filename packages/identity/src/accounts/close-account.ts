// Closes an account: whatever opens it, or acts for its person, ends at once in every process. The row stays.
import { actorIdOf } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { voidMailedSecrets } from './void-mailed-secrets.ts'

/** @returns undefined when it was closed already */
export async function closeAccount(
  ctx: WriteContext,
  { userId, cause }: { readonly userId: string; readonly cause: 'operator' | 'deletion' },
): Promise<{ readonly sessions: number; readonly keys: number } | undefined> {
  const { db, clock, services, requestId, actor } = ctx
  const now = clock.now()
  const tables = db.tables<IdentityTables>()
  const closed = await tables
    .updateTable('users')
    .set({ status: 'disabled', updated_at: now })
    .where('id', '=', userId)
    .where('status', '=', 'active')
    .returning('email')
    .executeTakeFirst()
  if (!closed) return undefined
  const sessions = await endSessions(ctx, { userId, reason: 'account-closed' })
  // Without an open account of their maker they are not found (find-credential.ts); revoked, they also do not come back
  // to life when it is opened again.
  const keys = await tables
    .updateTable('api_keys')
    .set({ revoked_at: now, revoked_reason: 'account_closed' })
    .where('created_by', '=', userId)
    .where('revoked_at', 'is', null)
    .returning(['id', 'workspace_id'])
    .execute()
  await voidMailedSecrets(ctx, closed.email)
  const { credentials, events } = services.identity
  const actorId = actorIdOf(actor)
  db.afterCommit(() => {
    for (const { id, workspace_id: workspaceId } of keys) {
      credentials.endApiKey(id, 'account_closed')
      events.emit({ event: 'key.revoked', requestId, actorId, workspaceId, details: { key: id } })
    }
    credentials.changeRights(userId, 'account_closed')
    events.emit({ event: 'account.disabled', requestId, actorId, details: { user: userId, cause } })
  })
  return { sessions, keys: keys.length }
}
