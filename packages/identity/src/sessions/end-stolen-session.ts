// Two have held the refresh tokens of one session, one of them a thief: it is over for both, and its owner is told.
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { endSessions } from './end-sessions.ts'

export const endStolenSession = defineVerb({
  name: 'auth.sessions.end-stolen',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['system'] },
  input: z.strictObject({ familyId: z.string() }),
  async run(ctx, { familyId }): Promise<void> {
    const { db, services, requestId } = ctx
    const session = await db
      .tables<IdentityTables>()
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select(['sessions.id', 'sessions.device', 'sessions.name', 'sessions.workspace_id'])
      .select(['users.id as user_id', 'users.email'])
      .where('sessions.refresh_family_id', '=', familyId)
      .executeTakeFirst()
    const reason = 'refresh-token-reused'
    const ended = session ? await endSessions(ctx, { userId: session.user_id, only: session.id, reason }) : 0
    // Signed out before: nothing is left to steal, and nobody need be alarmed.
    if (!session || ended === 0) return ctx.changedNothing()
    await ctx.audit({
      action: 'session.ended',
      target: { kind: 'session', id: session.id },
      details: { reason, user: session.user_id },
      workspaceId: session.workspace_id,
    })
    const { policy, url, sendAccountMail } = services.identity
    const device = session.name ?? session.device ?? 'an unknown device'
    await sendAccountMail(db, {
      to: session.email,
      subject: `We ended one of your sessions at ${policy.productName}`,
      paragraphs: [
        `The session on ${device} was renewed with something that had been used before. That happens when somebody has copied it, so it has ended for everybody who held it.`,
        'If it was yours, sign in there again.',
      ],
      warning: `Does that surprise you? Look at your sessions at ${url}/account, end those that you do not know, and change your password.`,
      requestId,
    })
  },
})
