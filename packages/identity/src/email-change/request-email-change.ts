// Somebody wants another address. Whether it has an account already is not looked at here: both mails are made after the
// answer, and until both mailboxes have confirmed nothing changes.
import { requestEmailChange as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { addressOf } from '../accounts/address-of.ts'
import { normalisedEmail } from '../accounts/normalised-email.ts'
import { askForToken } from '../one-time-tokens/asked-token.ts'
import { defineVerb } from '../services.ts'
import { holdWithRecentProof } from '../sessions/hold-with-recent-proof.ts'
import { type PendingChange, pendingChange, withdrawPending } from './email-change.ts'

export const requestEmailChange = defineVerb({
  name: 'auth.email.request',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.body.extend({ email: normalisedEmail }),
  async run(ctx, { email }): Promise<PendingChange | undefined> {
    const { db, clock, ids, services } = ctx
    const { userId, sessionId } = await holdWithRecentProof(ctx)
    const from = await addressOf(db, userId)
    if (from === email) {
      throw serviceError('validation_failed', {
        problems: [{ pointer: '/email', code: 'same_address', message: 'This is your address already.' }],
      })
    }
    const now = clock.now()
    const replaced = await withdrawPending(db, userId, now)
    const change = ids.next()
    for (const mailbox of ['new', 'old'] as const) {
      await askForToken(ctx, {
        purpose: 'change-email',
        userId,
        email: mailbox === 'new' ? email : from,
        data: { change, mailbox, from, to: email, session: sessionId },
        lifetimeMs: services.identity.policy.changeEmailMs,
      })
    }
    await ctx.audit({
      action: 'email.change_requested',
      target: { kind: 'user', id: userId },
      details: { change, replaced },
      personal: { from, to: email },
    })
    return pendingChange(db, userId, now)
  },
})
