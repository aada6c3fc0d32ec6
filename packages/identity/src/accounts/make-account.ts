// A new account with a workspace of its own.
import { type ProfileFields, profileColumns } from '../me/profile-columns.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'
import { insertWorkspace } from '../workspaces/insert-workspace.ts'

export interface NewAccount extends ProfileFields {
  /** Chosen by the caller when something refers to it already. */
  readonly id?: string
  readonly email: string
  readonly passwordHash: string | null
  /** Whether the mailbox has answered. */
  readonly verified: boolean
}

/** @returns the ids of the person and the workspace; undefined when the address has an account: of parallel makers one succeeds */
export async function makeAccount(
  ctx: WriteContext,
  facts: NewAccount,
): Promise<{ readonly userId: string; readonly workspaceId: string } | undefined> {
  const { db, clock, ids } = ctx
  const now = clock.now()
  const userId = facts.id ?? ids.next()
  const workspaceId = ids.next()
  const { numInsertedOrUpdatedRows } = await db
    .tables<IdentityTables>()
    .insertInto('users')
    .values({
      id: userId,
      email: facts.email,
      name: null,
      ...profileColumns(facts),
      status: 'active',
      operator: 0,
      email_verified_at: facts.verified ? now : null,
      password_hash: facts.passwordHash,
      password_changed_at: facts.passwordHash === null ? null : now,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .executeTakeFirst()
  if (Number(numInsertedOrUpdatedRows ?? 0) === 0) return undefined
  const name = facts.name ? `Workspace of ${facts.name}` : 'My workspace'
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
