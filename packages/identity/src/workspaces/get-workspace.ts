// One of the caller's workspaces.
import { getWorkspace as contract, fromPublicId } from '@levqor/client'
import { requireUser } from '../actor.ts'
import { defineVerb } from '../services.ts'
import { myWorkspaces } from './my-workspaces.ts'
import type { WorkspaceFacts } from './present-workspace.ts'
import { workspaceNotFound } from './workspace-not-found.ts'

export const getWorkspace = defineVerb({
  name: 'workspaces.get',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.params,
  async run({ db, actor }, input): Promise<WorkspaceFacts> {
    requireUser(actor)
    const id = fromPublicId('ws', input.id) ?? ''
    const found = await myWorkspaces(db, actor.id).where('workspaces.id', '=', id).executeTakeFirst()
    if (!found) throw workspaceNotFound()
    return { ...found, current: id === actor.workspaceId }
  },
})
