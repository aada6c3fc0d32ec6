// The members of the current workspace, in the order in which their accounts were made.
import { listMembers as contract, fromPublicId } from '@levqor/client'
import { decodeCursor, encodeCursor } from '@levqor/database'
import { defineVerb } from '../services.ts'
import { workspaceNotFound } from '../workspaces/workspace-not-found.ts'
import { members } from './find-member.ts'
import type { MemberFacts } from './present-member.ts'

export interface MemberPage {
  readonly items: readonly MemberFacts[]
  readonly nextCursor: string | null
}

export const listMembers = defineVerb({
  name: 'workspaces.members.list',
  kind: 'read',
  access: { actors: ['user'], role: 'member' },
  input: contract.params.extend(contract.query.shape),
  async run({ db, workspaceId }, { id, cursor, limit }): Promise<MemberPage> {
    if (fromPublicId('ws', id) !== workspaceId) throw workspaceNotFound()
    let query = members(db)
    if (cursor !== undefined)
      query = query.where('memberships.user_id', '>', decodeCursor(cursor, ['string'])[0])
    const rows = await query
      .orderBy('memberships.user_id')
      .limit(limit + 1)
      .execute()
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : null }
  },
})
