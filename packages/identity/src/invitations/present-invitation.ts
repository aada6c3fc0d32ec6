// An invitation as the API shows it to those who may invite: never its token, never its digest.
import { type Invitation, type InvitationRole, toPublicId } from '@levqor/client'
import { serviceError, type WorkspaceRole } from '@levqor/server'
import { presentTime } from '../present-time.ts'

export interface InvitationFacts {
  readonly id: string
  readonly email: string
  readonly role: WorkspaceRole
  readonly created_at: number
  readonly expires_at: number
  readonly inviter_name: string | null
  readonly inviter_email: string | null
}

export function presentInvitation(row: InvitationFacts): Invitation {
  return {
    id: toPublicId('inv', row.id),
    email: row.email,
    role: invitedRole(row.role),
    invited_by: row.inviter_name ?? row.inviter_email,
    created_at: presentTime(row.created_at),
    expires_at: presentTime(row.expires_at),
  }
}

/** Nobody is invited as an owner (invite-member.ts); a row that says so was not written here. */
export function invitedRole(role: WorkspaceRole): InvitationRole {
  if (role === 'owner') throw serviceError('internal_error')
  return role
}
