// Takes an invitation back. Of withdrawing and accepting at once, one wins: both are decided by the same row.
import { withdrawInvitation as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { defineVerb } from '../services.ts'
import { holdWorkspace } from '../workspaces/hold-workspace.ts'
import { requireMayManage } from '../workspaces/role-rules.ts'
import { closeInvitation } from './close-invitation.ts'
import { findInvitation } from './find-invitation.ts'

export const withdrawInvitation = defineVerb({
  name: 'workspaces.invitations.withdraw',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'admin' },
  input: contract.params,
  async run(ctx, input): Promise<void> {
    const workspace = await holdWorkspace(ctx, input.id, 'admin')
    const { id, role } = await findInvitation(workspace.tx, input.invitation_id)
    requireMayManage(workspace.me.role, role)
    if (!(await closeInvitation(workspace.tx, id, ctx.clock.now()))) {
      const { accepted_at } = await findInvitation(workspace.tx, input.invitation_id)
      if (accepted_at !== null) throw serviceError('invitation_used')
      return ctx.changedNothing()
    }
    await ctx.audit({
      action: 'invitation.withdrawn',
      target: { kind: 'invitation', id },
      workspaceId: workspace.id,
    })
  },
})
