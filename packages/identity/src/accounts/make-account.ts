// A new account with a workspace of its own, whose address is confirmed.
import type { VerbContext } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { IdentityServices } from '../services.ts'
import { insertWorkspace } from '../workspaces/insert-workspace.ts'

/** @returns the ids of the person and the workspace */
export async function makeAccount(
  ctx: VerbContext<'write', 'platform', IdentityServices>,
  facts: { readonly email: string; readonly name: string | null; readonly passwordHash: string | null },
): Promise<{ readonly userId: string; readonly workspaceId: string }> {
  const { db, clock, ids } = ctx
  const now = clock.now()
  const userId = ids.next()
  const workspaceId = ids.next()
  await db
    .tables<IdentityTables>()
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
  await insertWorkspace(ctx, { id: workspaceId, name, ownerId: userId, created_at: now })
  await ctx.audit({
    action: 'user.created',
    target: { kind: 'user', id: userId },
    details: { workspace: workspaceId },
    personal: { email: facts.email },
    workspaceId,
  })
  return { userId, workspaceId }
}
