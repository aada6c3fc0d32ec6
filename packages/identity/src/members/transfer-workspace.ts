// Another member becomes owner in the caller's place; the caller stays as an admin.
import { transferWorkspace as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { defineVerb } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { holdWorkspace } from '../workspaces/hold-workspace.ts'
import type { WorkspaceFacts } from '../workspaces/present-workspace.ts'
import { findMember } from './find-member.ts'
import { mailRoleChanged } from './member-mails.ts'
import { requireOtherOwner } from './require-other-owner.ts'
import { setRole } from './set-role.ts'

export const transferWorkspace = defineVerb({
  name: 'workspaces.transfer',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'owner' },
  input: contract.params.extend(contract.body.shape),
  async run(ctx, input): Promise<WorkspaceFacts> {
    const workspace = await holdWorkspace(ctx, input.id, 'owner')
    await requireRecentProof(ctx)
    const { id, name, createdAt, me } = workspace
    const heir = await findMember(workspace.tx, input.user_id)
    if (heir.id === me.id) {
      throw serviceError('conflict', { detail: 'You are the owner already: choose another member.' })
    }
    if (heir.role !== 'owner') {
      await setRole(ctx, workspace, heir, 'owner')
      await mailRoleChanged(ctx, { to: heir.email, workspace: name, role: 'owner' })
    }
    // The heir's account may be closed.
    await requireOtherOwner(workspace, me.id)
    await setRole(ctx, workspace, me, 'admin')
    await ctx.audit({
      action: 'workspace.transferred',
      target: { kind: 'workspace', id },
      details: { from: me.id, to: heir.id },
      workspaceId: id,
    })
    return { id, name, created_at: createdAt, role: 'admin', current: true }
  },
})
