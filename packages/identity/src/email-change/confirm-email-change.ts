// One of the two mailboxes says yes; when both have, the address changes. Signs nobody in.
import { confirmEmailChange as contract } from '@levqor/client'
import { isUniqueViolation, type SystemTransaction } from '@levqor/database'
import { serviceError } from '@levqor/server'
import { voidMailedSecrets } from '../accounts/void-mailed-secrets.ts'
import { useToken } from '../one-time-tokens/use-token.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb, type WriteContext } from '../services.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { pendingChange } from './email-change.ts'
import { type HeldChange, holdChange } from './hold-change.ts'

export const confirmEmailChange = defineVerb({
  name: 'auth.email.confirm',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous', 'user'], role: 'viewer' },
  input: contract.body,
  async run(ctx, { token }): Promise<{ readonly status: 'waiting' | 'changed' }> {
    const { db, clock } = ctx
    const held = await holdChange(ctx, token)
    const { data, userId } = held
    const now = clock.now()
    await useToken(db, { id: held.id, now })
    await ctx.audit({
      action: 'email.change_confirmed',
      target: { kind: 'user', id: userId },
      details: { change: data.change, mailbox: data.mailbox },
    })
    // Both rows have one expiry, so whatever still waits here is the other mailbox of this change.
    if (await pendingChange(db, userId, now)) return { status: 'waiting' }
    await changeAddress(ctx, held)
    return { status: 'changed' }
  },
})

async function changeAddress(ctx: WriteContext, { userId, data }: HeldChange): Promise<void> {
  const { db, services, requestId } = ctx
  const { from, to, session, change } = data
  if (!(await takeAddress(db, userId, data, ctx.clock.now()))) throw serviceError('email_taken')
  // What was mailed to the old mailbox opens this account no longer. The proofs of known devices name the address, so
  // they are void by themselves. Invitations stay with the mailbox that they were sent to.
  await voidMailedSecrets(ctx, from)
  await endSessions(ctx, { userId, reason: 'email-changed', except: session })
  const { policy, sendAccountMail } = services.identity
  for (const mailbox of [from, to]) {
    await sendAccountMail(db, {
      to: mailbox,
      subject: `Your address for ${policy.productName} was changed`,
      paragraphs: [
        mailbox === from
          ? `From now on this account signs in as ${to}. This address opens it no longer.`
          : 'From now on you sign in with this address. All other sessions were ended.',
      ],
      warning: 'If it was not you, tell the operator of this installation at once.',
      requestId,
    })
  }
  await ctx.audit({
    action: 'email.changed',
    target: { kind: 'user', id: userId },
    details: { change },
    personal: { from, to },
  })
}

/** The one statement that decides: the account is as it was when both were asked, and nobody has the address. */
async function takeAddress(
  db: SystemTransaction,
  userId: string,
  { from, to }: { readonly from: string; readonly to: string },
  now: number,
): Promise<boolean> {
  try {
    const { numUpdatedRows } = await db
      .tables<IdentityTables>()
      .updateTable('users')
      .set({ email: to, email_verified_at: now, updated_at: now })
      .where('id', '=', userId)
      .where('email', '=', from)
      .where('status', '=', 'active')
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('users as other').select('other.id').where('other.email', '=', to))),
      )
      .executeTakeFirst()
    return Number(numUpdatedRows) === 1
  } catch (error) {
    // Somebody took it in this very moment.
    if (isUniqueViolation(error)) return false
    throw error
  }
}
