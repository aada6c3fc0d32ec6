// "This was not me." From the old mailbox it means that somebody else sat at a signed-in browser: every session ends.
import { stopEmailChange as contract } from '@levqor/client'
import { defineVerb } from '../services.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { withdrawPending } from './email-change.ts'
import { holdChange } from './hold-change.ts'

export const stopEmailChange = defineVerb({
  name: 'auth.email.stop',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous', 'user'], role: 'viewer' },
  input: contract.body,
  async run(ctx, { token }): Promise<{ readonly sessionsEnded: boolean }> {
    const { db, clock, services, requestId } = ctx
    const { userId, data } = await holdChange(ctx, token)
    await withdrawPending(db, userId, clock.now())
    // Whoever reads the new mailbox alone may refuse it, and has no say over the account.
    const owner = data.mailbox === 'old'
    if (owner) await endSessions(ctx, { userId, reason: 'email-change-stopped' })
    await ctx.audit({
      action: 'email.change_stopped',
      target: { kind: 'user', id: userId },
      details: { change: data.change, mailbox: data.mailbox },
    })
    db.afterCommit(() =>
      services.identity.events.emit({
        event: 'email.change_stopped',
        requestId,
        actorId: userId,
        details: { mailbox: data.mailbox },
      }),
    )
    return { sessionsEnded: owner }
  },
})
