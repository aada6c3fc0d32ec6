// Invites a mailbox into the workspace. Whether it has an account is not looked up.
import { inviteMember as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { normalisedEmail } from '../accounts/normalised-email.ts'
import { members } from '../members/find-member.ts'
import { defineVerb } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { holdWorkspace } from '../workspaces/hold-workspace.ts'
import { isPowerful, requireMayManage } from '../workspaces/role-rules.ts'
import { openInvitations } from './open-invitations.ts'
import type { InvitationFacts } from './present-invitation.ts'
import { sendInvitation } from './send-invitation.ts'

export const inviteMember = defineVerb({
  name: 'workspaces.invitations.create',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'admin' },
  input: contract.params.extend({ ...contract.body.shape, email: normalisedEmail }),
  async run(ctx, { id, email, role }): Promise<InvitationFacts> {
    const workspace = await holdWorkspace(ctx, id, 'admin')
    requireMayManage(workspace.me.role, role)
    if (isPowerful(role)) await requireRecentProof(ctx)
    // Who may invite may list the members, so this tells them nothing new.
    const member = await members(workspace.tx).where('users.email', '=', email).executeTakeFirst()
    if (member) throw serviceError('already_member')
    const open = await openInvitations(workspace.tx, ctx.clock.now())
      .where('invitations.email', '=', email)
      .executeTakeFirst()
    if (open && open.role !== role) throw serviceError('already_invited')
    if (open) {
      // A double click: one invitation, one mail.
      ctx.changedNothing()
      return open
    }
    const sent = await sendInvitation(ctx, workspace, { email, role })
    await ctx.audit({
      action: 'invitation.created',
      target: { kind: 'invitation', id: sent.id },
      details: { role },
      personal: { email },
      workspaceId: workspace.id,
    })
    return sent
  },
})
