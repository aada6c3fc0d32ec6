// The caller goes. Their session goes on in another of their workspaces.
import { leaveWorkspace as contract } from '@levqor/client'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { holdWorkspace } from '../workspaces/hold-workspace.ts'
import type { WorkspaceFacts } from '../workspaces/present-workspace.ts'
import { endMembership } from './end-membership.ts'
import { requireOtherOwner } from './require-other-owner.ts'

export const leaveWorkspace = defineVerb({
  name: 'workspaces.leave',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.params,
  async run(ctx, input): Promise<WorkspaceFacts> {
    const workspace = await holdWorkspace(ctx, input.id, 'viewer')
    const { id, sessionId, role } = workspace.me
    if (role === 'owner') await requireOtherOwner(workspace, id)
    const next = await endMembership(ctx, workspace, {
      userId: id,
      action: 'member.left',
      keepSession: sessionId,
    })
    await ctx.db
      .tables<IdentityTables>()
      .updateTable('sessions')
      .set({ workspace_id: next.id })
      .where('id', '=', sessionId)
      .execute()
    return next
  },
})
