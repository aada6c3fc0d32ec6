// Writes an invitation and mails its link, within the limits. Used by the verb that invites and the one that sends again;
// both hold the workspace, so that its limits are counted by one at a time.
import { serviceError, type WorkspaceRole } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { newToken } from '../secrets/opaque-token.ts'
import type { WriteContext } from '../services.ts'
import type { HeldWorkspace } from '../workspaces/hold-workspace.ts'
import type { InvitationFacts } from './present-invitation.ts'

const day = 24 * 60 * 60 * 1000

/** No digest looks like this, so nobody can use it. */
const unmailed = 'unmailed:'

/** @throws ServiceError `too_many_invitations`, `invitation_mails_exhausted` */
export async function sendInvitation(
  ctx: WriteContext,
  workspace: HeldWorkspace,
  { email, role }: { readonly email: string; readonly role: WorkspaceRole },
): Promise<InvitationFacts> {
  const { clock, ids, services } = ctx
  const { policy } = services.identity
  const now = clock.now()
  await requireRoom(ctx, workspace, email)
  const mailable = await mayBeMailed(ctx, email)
  const inviter = await workspace.tx
    .tables<IdentityTables>()
    .selectFrom('users')
    .select(['name', 'email'])
    .where('id', '=', workspace.me.id)
    .executeTakeFirstOrThrow()
  const token = newToken()
  const id = ids.next()
  const facts = { id, email, role, created_at: now, expires_at: now + policy.invitationMs }
  await workspace.tx
    .tables<IdentityTables>()
    .insertInto('invitations')
    .values({
      ...facts,
      workspace_id: workspace.id,
      // Nobody was given the token of one that is not mailed, and it does not count as a mail.
      token_hash: mailable ? token.hash : `${unmailed}${id}`,
      invited_by: workspace.me.id,
      accepted_at: null,
      accepted_by: null,
      withdrawn_at: null,
    })
    .execute()
  if (mailable) {
    const who = inviter.name === null ? inviter.email : `${inviter.name} (${inviter.email})`
    await services.identity.sendAccountMail(ctx.db, {
      to: email,
      subject: `Invitation to “${workspace.name}”`,
      paragraphs: [
        `${who} invites you to the workspace “${workspace.name}”, in the role: ${role}.`,
        `To accept, sign in with this address, ${email}, or make an account with it.`,
      ],
      action: {
        label: 'Look at the invitation',
        // In the fragment the token reaches no server log, no proxy and no Referer.
        url: `${services.identity.url}/invitation#token=${token.text}`,
        expiresAt: facts.expires_at,
      },
      warning: 'If you do not know who this is, ignore this mail: nothing happens until you accept.',
      requestId: ctx.requestId,
    })
  } else {
    ctx.log.warn({ invitation: facts.id }, 'An invitation was not mailed: its mailbox was sent enough today.')
  }
  return { ...facts, inviter_name: inviter.name, inviter_email: inviter.email }
}

/** The workspace's own limits: it may know that it has reached them. */
async function requireRoom({ clock, services }: WriteContext, { tx }: HeldWorkspace, email: string) {
  const { policy } = services.identity
  const now = clock.now()
  const recent = await tx
    .tables<IdentityTables>()
    .selectFrom('invitations')
    .select(['email', 'created_at'])
    .where((by) =>
      by.or([
        by('created_at', '>', now - day),
        by.and([by('accepted_at', 'is', null), by('withdrawn_at', 'is', null), by('expires_at', '>', now)]),
      ]),
    )
    .execute()
  if (recent.length >= policy.invitationsPerWorkspace) throw serviceError('too_many_invitations')
  const today = recent.filter((row) => row.email === email && row.created_at > now - day)
  if (today.length >= policy.invitationMailsPerAddress) {
    const oldest = Math.min(...today.map((row) => row.created_at))
    throw serviceError('invitation_mails_exhausted', { retryAfterMs: oldest + day - now })
  }
}

/**
 * Whether the mailbox has room for another mail from any workspace. Not told to the inviter: it would tell them that
 * others invite the same person. Workspaces that ask in the same moment do not see one another, so a few more may pass.
 */
async function mayBeMailed({ db, clock, services }: WriteContext, email: string): Promise<boolean> {
  const { invitationMailsPerMailbox } = services.identity.policy
  const since = clock.now() - day
  const mailed = await db
    .tables<IdentityTables>()
    .selectFrom('invitations')
    .select('id')
    .where('email', '=', email)
    .where('created_at', '>', since)
    .where('token_hash', 'not like', `${unmailed}%`)
    .limit(invitationMailsPerMailbox)
    .execute()
  return mailed.length < invitationMailsPerMailbox
}
