// The members of the current workspace, in the order in which their accounts were made.
import { listMembers as contract, fromPublicId } from '@levqor/client'
import { decodeCursor } from '@levqor/database'
import { type Page, pageOf } from '../page.ts'
import { defineVerb } from '../services.ts'
import { workspaceNotFound } from '../workspaces/workspace-not-found.ts'
import { members } from './find-member.ts'
import type { MemberFacts } from './present-member.ts'

export const listMembers = defineVerb({
  name: 'workspaces.members.list',
  kind: 'read',
  access: { actors: ['user'], role: 'member' },
  input: contract.params.extend(contract.query.shape),
  async run({ db, workspaceId }, { id, cursor, limit }): Promise<Page<MemberFacts>> {
    if (fromPublicId('ws', id) !== workspaceId) throw workspaceNotFound()
    let query = members(db)
    if (cursor !== undefined)
      query = query.where('memberships.user_id', '>', decodeCursor(cursor, ['string'])[0])
    const rows = await query
      .orderBy('memberships.user_id')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit)
  },
})
