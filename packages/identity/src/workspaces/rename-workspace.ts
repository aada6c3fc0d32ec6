// Gives the current workspace another name.
import { renameWorkspace as contract } from '@levqor/client'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { holdWorkspace } from './hold-workspace.ts'
import type { WorkspaceFacts } from './present-workspace.ts'

export const renameWorkspace = defineVerb({
  name: 'workspaces.rename',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'admin' },
  input: contract.params.extend(contract.body.shape),
  async run(ctx, input): Promise<WorkspaceFacts> {
    const { id, name, createdAt, me } = await holdWorkspace(ctx, input.id, 'admin')
    const renamed = { id, name: input.name, created_at: createdAt, role: me.role, current: true }
    if (input.name === name) {
      ctx.changedNothing()
      return renamed
    }
    await ctx.db
      .tables<IdentityTables>()
      .updateTable('workspaces')
      .set({ name: input.name })
      .where('id', '=', id)
      .execute()
    await ctx.audit({
      action: 'workspace.renamed',
      target: { kind: 'workspace', id },
      details: { from: name, to: input.name },
      workspaceId: id,
    })
    return renamed
  },
})
