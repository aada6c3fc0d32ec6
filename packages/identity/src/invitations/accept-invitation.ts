// Makes the caller a member, exactly once. The invitation belongs to the mailbox that it was sent to, so whoever got hold
// of the link alone cannot use it. The session stays where it is.
import { acceptInvitation as contract } from '@levqor/client'
import type { SystemReader } from '@levqor/database'
import { serviceError, type UserActor } from '@levqor/server'
import { requireUser } from '../actor.ts'
import type { IdentityTables, InvitationRow } from '../schema/identity-tables.ts'
import { defineVerb, type WriteContext } from '../services.ts'
import { myWorkspaces } from '../workspaces/my-workspaces.ts'
import type { WorkspaceFacts } from '../workspaces/present-workspace.ts'
import { readInvitation, requireOpen } from './read-invitation.ts'

export const acceptInvitation = defineVerb({
  name: 'workspaces.invitations.accept',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.body,
  async run(ctx, { token }): Promise<WorkspaceFacts> {
    const { db, clock, actor } = ctx
    requireUser(actor)
    const invitation = await readInvitation(db, token)
    // First of all: to whom it was not sent, nothing else about it is told.
    await requireMailbox(ctx, actor.id, invitation.email)
    const now = clock.now()
    const tables = db.tables<IdentityTables>()
    // The one statement that decides between parallel accepts, and between accepting and withdrawing.
    const { numUpdatedRows } = await tables
      .updateTable('invitations')
      .set({ accepted_at: now, accepted_by: actor.id })
      .where('id', '=', invitation.id)
      .where('accepted_at', 'is', null)
      .where('withdrawn_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirst()
    if (Number(numUpdatedRows) === 0) {
      ctx.changedNothing()
      return acceptedBefore(ctx, actor, await readInvitation(db, token))
    }
    const { numInsertedOrUpdatedRows } = await tables
      .insertInto('memberships')
      .values({
        workspace_id: invitation.workspace_id,
        user_id: actor.id,
        role: invitation.role,
        created_at: now,
      })
      // Somebody who came in another way keeps the role they have.
      .onConflict((conflict) => conflict.columns(['workspace_id', 'user_id']).doNothing())
      .executeTakeFirst()
    await ctx.audit({
      action: 'invitation.accepted',
      target: { kind: 'invitation', id: invitation.id },
      details: {
        user: actor.id,
        role: invitation.role,
        was_member: Number(numInsertedOrUpdatedRows ?? 0) === 0,
      },
      workspaceId: invitation.workspace_id,
    })
    return membership(db, actor, invitation)
  },
})

async function requireMailbox({ db }: WriteContext, userId: string, email: string): Promise<void> {
  const me = await db
    .tables<IdentityTables>()
    .selectFrom('users')
    .select(['email', 'email_verified_at'])
    .where('id', '=', userId)
    .executeTakeFirst()
  if (me?.email !== email) throw serviceError('invitation_other_mailbox')
  if (me.email_verified_at === null) throw serviceError('email_unverified')
}

// A second click of the same person finds what the first one made, for as long as it lasts.
async function acceptedBefore(
  { db, clock }: WriteContext,
  me: UserActor,
  invitation: InvitationRow,
): Promise<WorkspaceFacts> {
  if (invitation.accepted_by !== me.id) requireOpen(invitation, clock.now())
  return membership(db, me, invitation)
}

async function membership(
  db: SystemReader,
  me: UserActor,
  { workspace_id: id }: InvitationRow,
): Promise<WorkspaceFacts> {
  const found = await myWorkspaces(db, me.id).where('workspaces.id', '=', id).executeTakeFirst()
  if (!found) throw serviceError('invitation_used')
  return { ...found, current: me.workspaceId === id }
}
