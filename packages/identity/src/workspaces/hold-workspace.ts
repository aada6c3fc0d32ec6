// The one way into a change of a workspace: one change at a time, and by who the caller is now, not by who a cache
// believed them to be a second ago.
import { fromPublicId } from '@levqor/client'
import type { WorkspaceTransaction } from '@levqor/database'
import { asWorkspaceTransaction } from '@levqor/database/system'
import { serviceError, type WorkspaceRole } from '@levqor/server'
import { requireUser } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'
import { holdWorkspaceRow } from './hold-workspace-row.ts'
import { isAtLeast } from './role-rules.ts'
import { workspaceNotFound } from './workspace-not-found.ts'

export interface HeldWorkspace {
  readonly id: string
  readonly name: string
  readonly createdAt: number
  /** The verb's transaction, bound to this workspace. */
  readonly tx: WorkspaceTransaction
  readonly me: { readonly id: string; readonly sessionId: string; readonly role: WorkspaceRole }
}

/**
 * Holds the workspace's row, so that of two owners who leave at once the second sees that the first is gone. The identifier
 * must be the one of the session's current workspace: a page that was left open while the session moved on changes nothing by
 * mistake.
 * @throws ServiceError `not_found`, `forbidden`, `credential_unsuitable`
 */
export async function holdWorkspace(
  ctx: WriteContext,
  publicId: string,
  least: WorkspaceRole,
): Promise<HeldWorkspace> {
  const { actor, db } = ctx
  requireUser(actor)
  const id = fromPublicId('ws', publicId)
  if (id !== actor.workspaceId) throw workspaceNotFound()
  const workspace = await holdWorkspaceRow(db, id)
  const tx = asWorkspaceTransaction(db, id)
  const mine = await tx
    .tables<IdentityTables>()
    .selectFrom('memberships')
    .select('role')
    .where('user_id', '=', actor.id)
    .executeTakeFirst()
  if (!workspace || !mine) throw workspaceNotFound()
  if (!isAtLeast(mine.role, least)) throw serviceError('forbidden')
  const me = { id: actor.id, sessionId: actor.sessionId, role: mine.role }
  return { id, name: workspace.name, createdAt: workspace.created_at, tx, me }
}
