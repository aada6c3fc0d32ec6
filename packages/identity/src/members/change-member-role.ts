// Gives a member another role. Who may is said in role-rules.ts.
import { changeMemberRole as contract } from '@levqor/client'
import { defineVerb } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { holdWorkspace } from '../workspaces/hold-workspace.ts'
import { isPowerful, requireMayManage } from '../workspaces/role-rules.ts'
import { findMember } from './find-member.ts'
import { mailRoleChanged } from './member-mails.ts'
import type { MemberFacts } from './present-member.ts'
import { requireOtherOwner } from './require-other-owner.ts'
import { setRole } from './set-role.ts'

export const changeMemberRole = defineVerb({
  name: 'workspaces.members.change-role',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'admin' },
  input: contract.params.extend(contract.body.shape),
  async run(ctx, input): Promise<MemberFacts> {
    const workspace = await holdWorkspace(ctx, input.id, 'admin')
    const member = await findMember(workspace.tx, input.user_id)
    const { role } = input
    // Their own role somebody may lower, and nobody can raise it: nothing ranks above an owner, and to an admin the
    // rule offers only what is below.
    const isMe = member.id === workspace.me.id
    requireMayManage(workspace.me.role, ...(isMe ? [role] : [member.role, role]))
    if (role === member.role) {
      ctx.changedNothing()
      return member
    }
    // A stolen session makes nobody powerful, and takes power from no owner.
    if (member.role === 'owner' || isPowerful(role)) await requireRecentProof(ctx)
    if (member.role === 'owner') await requireOtherOwner(workspace, member.id)
    await setRole(ctx, workspace, member, role)
    await mailRoleChanged(ctx, { to: member.email, workspace: workspace.name, role })
    return { ...member, role }
  },
})
