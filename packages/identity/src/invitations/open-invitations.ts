// The invitations of one workspace that can still be accepted, as its members see them.
import type { WorkspaceReader } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'

export function openInvitations(db: WorkspaceReader, now: number) {
  return db
    .tables<IdentityTables>()
    .selectFrom('invitations')
    .leftJoin('users', 'users.id', 'invitations.invited_by')
    .select([
      'invitations.id',
      'invitations.email',
      'invitations.role',
      'invitations.created_at',
      'invitations.expires_at',
      'users.name as inviter_name',
      'users.email as inviter_email',
    ])
    .where('invitations.accepted_at', 'is', null)
    .where('invitations.withdrawn_at', 'is', null)
    .where('invitations.expires_at', '>', now)
}
