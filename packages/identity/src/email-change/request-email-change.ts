// Somebody wants another address. Whether it has an account already is not looked at here: both mails are made after the
// answer, and until both mailboxes have confirmed nothing changes.
import { requestEmailChange as contract } from '@levqor/client'
import { encodeJson } from '@levqor/database'
import { serviceError } from '@levqor/server'
import { holdPerson } from '../accounts/hold-person.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { normalisedEmail } from '../sign-in/normalised-email.ts'
import { type EmailChangeData, type PendingChange, pendingChange, withdrawPending } from './email-change.ts'

export const requestEmailChange = defineVerb({
  name: 'auth.email.request',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.body.extend({ email: normalisedEmail }),
  async run(ctx, { email }): Promise<PendingChange | undefined> {
    const { db, clock, ids, services, requestId } = ctx
    const { userId, sessionId } = await requireRecentProof(ctx)
    const { policy, deliverLater } = services.identity
    await holdPerson(db, userId)
    const tables = db.tables<IdentityTables>()
    const me = await tables
      .selectFrom('users')
      .select('email')
      .where('id', '=', userId)
      .executeTakeFirstOrThrow()
    if (me.email === email) {
      throw serviceError('validation_failed', {
        problems: [{ pointer: '/email', code: 'same_address', message: 'This is your address already.' }],
      })
    }
    const now = clock.now()
    const replaced = await withdrawPending(db, userId, now)
    const change = ids.next()
    for (const mailbox of ['new', 'old'] as const) {
      const id = ids.next()
      const data: EmailChangeData = { change, mailbox, from: me.email, to: email, session: sessionId }
      await tables
        .insertInto('one_time_tokens')
        .values({
          id,
          purpose: 'change-email',
          // No digest looks like this, so nobody can use it.
          token_hash: `asked:${id}`,
          user_id: userId,
          email: mailbox === 'new' ? email : me.email,
          data: encodeJson({ ...data }),
          created_at: now,
          expires_at: now + policy.changeEmailMs,
          used_at: null,
        })
        .execute()
      db.afterCommit(() => deliverLater('email-change', id, requestId))
    }
    await ctx.audit({
      action: 'email.change_requested',
      target: { kind: 'user', id: userId },
      details: { change, replaced },
      personal: { from: me.email, to: email },
    })
    return pendingChange(db, userId, now)
  },
})
