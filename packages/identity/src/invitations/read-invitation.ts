// An invitation by the token of its mail, across workspaces: whoever is invited is in none of them yet.
import type { SystemReader } from '@levqor/database'
import { serviceError } from '@levqor/server'
import type { IdentityTables, InvitationRow } from '../schema/identity-tables.ts'
import { hashSecret, isTokenShaped } from '../secrets/opaque-token.ts'

/** @throws ServiceError `invitation_invalid` */
export async function readInvitation(db: SystemReader, token: string): Promise<InvitationRow> {
  const invitation = isTokenShaped(token)
    ? await db
        .tables<IdentityTables>()
        .selectFrom('invitations')
        .selectAll()
        .where('token_hash', '=', hashSecret(token))
        .executeTakeFirst()
    : undefined
  if (!invitation) throw serviceError('invitation_invalid')
  return invitation
}

/** @throws ServiceError saying why the invitation cannot be accepted any more */
export function requireOpen(invitation: InvitationRow, now: number): void {
  if (invitation.accepted_at !== null) throw serviceError('invitation_used')
  if (invitation.withdrawn_at !== null) throw serviceError('invitation_withdrawn')
  if (invitation.expires_at <= now) throw serviceError('invitation_expired')
}
