// Sends an invitation once more. Only the digest of its token is known, so a new one with a new link takes its place; the
// old link says that it was withdrawn.
import { resendInvitation as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { defineVerb } from '../services.ts'
import { holdWorkspace } from '../workspaces/hold-workspace.ts'
import { requireMayManage } from '../workspaces/role-rules.ts'
import { closeInvitation } from './close-invitation.ts'
import { findInvitation } from './find-invitation.ts'
import type { InvitationFacts } from './present-invitation.ts'
import { sendInvitation } from './send-invitation.ts'

export const resendInvitation = defineVerb({
  name: 'workspaces.invitations.resend',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'admin' },
  input: contract.params,
  async run(ctx, input): Promise<InvitationFacts> {
    const workspace = await holdWorkspace(ctx, input.id, 'admin')
    const { id, email, role } = await findInvitation(workspace.tx, input.invitation_id)
    requireMayManage(workspace.me.role, role)
    if (!(await closeInvitation(workspace.tx, id, ctx.clock.now()))) {
      const { accepted_at } = await findInvitation(workspace.tx, input.invitation_id)
      throw serviceError(accepted_at === null ? 'invitation_withdrawn' : 'invitation_used')
    }
    const sent = await sendInvitation(ctx, workspace, { email, role })
    await ctx.audit({
      action: 'invitation.resent',
      target: { kind: 'invitation', id: sent.id },
      details: { replaces: id, role },
      personal: { email },
      workspaceId: workspace.id,
    })
    return sent
  },
})
