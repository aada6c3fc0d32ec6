// An invitation of one workspace by its public identifier, whatever became of it.
import { fromPublicId } from '@levqor/client'
import type { WorkspaceReader } from '@levqor/database'
import { serviceError } from '@levqor/server'
import type { IdentityTables, InvitationRow } from '../schema/identity-tables.ts'

/** @throws ServiceError `not_found` */
export async function findInvitation(db: WorkspaceReader, publicId: string): Promise<InvitationRow> {
  const invitation = await db
    .tables<IdentityTables>()
    .selectFrom('invitations')
    .selectAll()
    .where('id', '=', fromPublicId('inv', publicId) ?? '')
    .executeTakeFirst()
  if (!invitation) throw serviceError('not_found', { detail: 'There is no such invitation.' })
  return invitation
}
