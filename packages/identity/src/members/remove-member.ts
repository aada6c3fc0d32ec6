// Removes somebody else from the workspace.
import { removeMember as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { defineVerb } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { holdWorkspace } from '../workspaces/hold-workspace.ts'
import { requireMayManage } from '../workspaces/role-rules.ts'
import { endMembership } from './end-membership.ts'
import { findMember } from './find-member.ts'
import { mailRemoved } from './member-mails.ts'
import { requireOtherOwner } from './require-other-owner.ts'

export const removeMember = defineVerb({
  name: 'workspaces.members.remove',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'admin' },
  input: contract.params,
  async run(ctx, input): Promise<void> {
    const workspace = await holdWorkspace(ctx, input.id, 'admin')
    const member = await findMember(workspace.tx, input.user_id)
    requireMayManage(workspace.me.role, member.role)
    if (member.role === 'owner') await requireOtherOwner(workspace, member.id)
    if (member.id === workspace.me.id) {
      throw serviceError('conflict', { detail: 'To go yourself, leave the workspace.' })
    }
    if (member.role === 'owner') await requireRecentProof(ctx)
    await endMembership(ctx, workspace, { userId: member.id, action: 'member.removed' })
    await mailRemoved(ctx, { to: member.email, workspace: workspace.name })
  },
})
