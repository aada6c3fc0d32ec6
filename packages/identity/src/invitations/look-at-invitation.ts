// What an invitation is to, for whoever holds its link: the workspace's name, the role, and the name of who invited if
// they gave one. No address, no identifier. Nothing is consumed by looking.
import { lookAtInvitation as contract, type InvitationRole } from '@levqor/client'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { invitedRole } from './present-invitation.ts'
import { readInvitation, requireOpen } from './read-invitation.ts'

export const lookAtInvitation = defineVerb({
  name: 'workspaces.invitations.look',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: contract.body,
  async run(
    { db, clock },
    { token },
  ): Promise<{
    readonly workspace: string
    readonly role: InvitationRole
    readonly invited_by: string | null
  }> {
    const invitation = await readInvitation(db, token)
    requireOpen(invitation, clock.now())
    const tables = db.tables<IdentityTables>()
    const workspace = await tables
      .selectFrom('workspaces')
      .select('name')
      .where('id', '=', invitation.workspace_id)
      .executeTakeFirstOrThrow()
    const inviter = await tables
      .selectFrom('users')
      .select('name')
      .where('id', '=', invitation.invited_by)
      .executeTakeFirst()
    return {
      workspace: workspace.name,
      role: invitedRole(invitation.role),
      invited_by: inviter?.name ?? null,
    }
  },
})
