// A new account with a workspace of its own, whose address is confirmed.
import type { VerbContext } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { IdentityServices } from '../services.ts'

/** @returns the ids of the person and the workspace */
export async function makeAccount(
  ctx: VerbContext<'write', 'platform', IdentityServices>,
  facts: { readonly email: string; readonly name: string | null; readonly passwordHash: string | null },
): Promise<{ readonly userId: string; readonly workspaceId: string }> {
  const { db, clock, ids, services } = ctx
  const tables = db.tables<IdentityTables>()
  const now = clock.now()
  const userId = ids.next()
  const workspaceId = ids.next()
  await tables
    .insertInto('users')
    .values({
      id: userId,
      email: facts.email,
      name: facts.name,
      status: 'active',
      operator: 0,
      email_verified_at: now,
      password_hash: facts.passwordHash,
      password_changed_at: facts.passwordHash === null ? null : now,
      created_at: now,
      updated_at: now,
    })
    .execute()
  const name = facts.name === null ? 'My workspace' : `Workspace of ${facts.name}`
  await tables
    .insertInto('workspaces')
    .values({ id: workspaceId, name, plan: 'free', created_at: now })
    .execute()
  await tables
    .insertInto('memberships')
    .values({ workspace_id: workspaceId, user_id: userId, role: 'owner', created_at: now })
    .execute()
  await services.identity.furnishWorkspace(db, workspaceId)
  await ctx.audit({
    action: 'user.created',
    target: { kind: 'user', id: userId },
    details: { workspace: workspaceId },
    personal: { email: facts.email },
    workspaceId,
  })
  return { userId, workspaceId }
}
