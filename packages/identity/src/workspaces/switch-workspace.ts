// Lets the caller's session act in another of their workspaces.
import { switchWorkspace as contract, fromPublicId } from '@levqor/client'
import { requireUser } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { myWorkspaces } from './my-workspaces.ts'
import type { WorkspaceFacts } from './present-workspace.ts'
import { workspaceNotFound } from './workspace-not-found.ts'

export const switchWorkspace = defineVerb({
  name: 'workspaces.switch',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer', impersonated: 'allowed' },
  input: contract.params,
  async run(ctx, input): Promise<WorkspaceFacts> {
    const { db, actor, services } = ctx
    requireUser(actor)
    const { sessionId } = actor
    const id = fromPublicId('ws', input.id) ?? ''
    // Should the membership end in this very moment, the session is bound to a workspace that is not the person's, and
    // authentication does not find it any more.
    const found = await myWorkspaces(db, actor.id).where('workspaces.id', '=', id).executeTakeFirst()
    if (!found) throw workspaceNotFound()
    const { numUpdatedRows } = await db
      .tables<IdentityTables>()
      .updateTable('sessions')
      .set({ workspace_id: id })
      .where('id', '=', sessionId)
      .where('workspace_id', '!=', id)
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    const current = { ...found, current: true }
    if (Number(numUpdatedRows) === 0) {
      ctx.changedNothing()
      return current
    }
    await ctx.audit({
      action: 'session.workspace_switched',
      target: { kind: 'session', id: sessionId },
      workspaceId: id,
    })
    db.afterCommit(() => services.identity.credentials.changeRights(actor.id, 'workspace_switched'))
    return current
  },
})
