// The open invitations of the current workspace, newest first.
import { listInvitations as contract, fromPublicId } from '@levqor/client'
import { decodeCursor } from '@levqor/database'
import { type Page, pageOf } from '../page.ts'
import { defineVerb } from '../services.ts'
import { workspaceNotFound } from '../workspaces/workspace-not-found.ts'
import { openInvitations } from './open-invitations.ts'
import type { InvitationFacts } from './present-invitation.ts'

export const listInvitations = defineVerb({
  name: 'workspaces.invitations.list',
  kind: 'read',
  access: { actors: ['user'], role: 'admin' },
  input: contract.params.extend(contract.query.shape),
  async run({ db, clock, workspaceId }, { id, cursor, limit }): Promise<Page<InvitationFacts>> {
    if (fromPublicId('ws', id) !== workspaceId) throw workspaceNotFound()
    let query = openInvitations(db, clock.now())
    if (cursor !== undefined) query = query.where('invitations.id', '<', decodeCursor(cursor, ['string'])[0])
    const rows = await query
      // UUIDv7: the order of making.
      .orderBy('invitations.id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit)
  },
})
