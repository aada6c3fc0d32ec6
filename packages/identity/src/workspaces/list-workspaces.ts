// The caller's workspaces, oldest first.
import { listWorkspaces as contract } from '@levqor/client'
import { decodeCursor } from '@levqor/database'
import { requireUser } from '../actor.ts'
import { type Page, pageOf } from '../page.ts'
import { defineVerb } from '../services.ts'
import { myWorkspaces } from './my-workspaces.ts'
import type { WorkspaceFacts } from './present-workspace.ts'

export const listWorkspaces = defineVerb({
  name: 'workspaces.list',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.query,
  async run({ db, actor }, { cursor, limit }): Promise<Page<WorkspaceFacts>> {
    requireUser(actor)
    let query = myWorkspaces(db, actor.id)
    if (cursor !== undefined) query = query.where('workspaces.id', '>', decodeCursor(cursor, ['string'])[0])
    const rows = await query
      .orderBy('workspaces.id')
      .limit(limit + 1)
      .execute()
    return pageOf(
      rows.map((row) => ({ ...row, current: row.id === actor.workspaceId })),
      limit,
    )
  },
})
