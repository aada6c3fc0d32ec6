// Makes a workspace; the maker is its owner. The session stays where it is.
import { createWorkspace as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { holdPerson } from '../accounts/hold-person.ts'
import { requireUser } from '../actor.ts'
import { defineVerb } from '../services.ts'
import { insertWorkspace } from './insert-workspace.ts'
import { myWorkspaces } from './my-workspaces.ts'
import type { WorkspaceFacts } from './present-workspace.ts'

export const createWorkspace = defineVerb({
  name: 'workspaces.create',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.body,
  async run(ctx, { name }): Promise<WorkspaceFacts> {
    const { db, clock, ids, actor, services } = ctx
    requireUser(actor)
    await holdPerson(db, actor.id)
    const { workspacesPerPerson } = services.identity.policy
    const owned = await myWorkspaces(db, actor.id)
      .where('memberships.role', '=', 'owner')
      .limit(workspacesPerPerson)
      .execute()
    if (owned.length >= workspacesPerPerson) throw serviceError('too_many_workspaces')
    const id = ids.next()
    const created_at = clock.now()
    await insertWorkspace(ctx, { id, name, ownerId: actor.id, created_at })
    await ctx.audit({
      action: 'workspace.created',
      target: { kind: 'workspace', id },
      details: { owner: actor.id },
      workspaceId: id,
    })
    return { id, name, created_at, role: 'owner', current: false }
  },
})
