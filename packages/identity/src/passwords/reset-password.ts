// A new password by mail: whoever had the old one is out, in every browser and process.
import { resetPassword as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { holdPerson } from '../accounts/hold-person.ts'
import { findOpenToken } from '../one-time-tokens/find-token.ts'
import { consumeToken } from '../one-time-tokens/use-token.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { hasTotp } from '../second-factor/has-totp.ts'
import { defineVerb } from '../services.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { type ChosenPassword, choosePassword } from './choose-password.ts'
import { voidResetLinks } from './void-reset-links.ts'
import { whatGoesOn } from './what-goes-on.ts'

interface Chosen extends ChosenPassword {
  readonly userId: string
}

export const resetPassword = defineVerb({
  name: 'auth.reset-password',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous', 'user'], role: 'viewer' },
  input: contract.body.extend({ addressKey: z.string() }),
  async prepare({ db, services, clock }, { token, password }): Promise<Chosen | undefined> {
    const asked = await findOpenToken(db, { token, purpose: 'reset-password', now: clock.now() })
    const user = await db
      .tables<IdentityTables>()
      .selectFrom('users')
      .select(['id', 'email'])
      .where('email', '=', asked?.email ?? '')
      .executeTakeFirst()
    // A link that does not hold is not worth hashing for; `run` says which way it does not.
    if (!user) return undefined
    const choice = {
      password,
      email: user.email,
      hasSecondFactor: await hasTotp(db, user.id),
      pointer: '/password',
    }
    return { userId: user.id, ...(await choosePassword(services, choice)) }
  },
  async run(ctx, { token, addressKey }, chosen): Promise<void> {
    const { db, clock, services, requestId } = ctx
    const now = clock.now()
    // Before their links: of two that are used at once, each would else wait for the other's.
    if (chosen) await holdPerson(db, chosen.userId)
    const used = await consumeToken(db, { token, purpose: 'reset-password', now })
    if (!chosen) throw serviceError('token_invalid')
    const user = await db
      .tables<IdentityTables>()
      .updateTable('users')
      .set((by) => ({
        password_hash: chosen.hash,
        password_needs_second_factor: chosen.short ? 1 : 0,
        password_changed_at: now,
        updated_at: now,
        // The mailbox has just answered.
        email_verified_at: by.fn.coalesce('email_verified_at', by.val(now)),
      }))
      .where('email', '=', used.email)
      .where('status', '=', 'active')
      .returning('id')
      .executeTakeFirst()
    if (!user) throw serviceError('token_invalid')
    // The second factor may have been switched off since the rules were asked.
    if (chosen.short && !(await hasTotp(db, user.id))) throw serviceError('conflict')
    await voidResetLinks(ctx, used.email)
    await endSessions(ctx, { userId: user.id, reason: 'password-reset' })
    // Whoever guessed the old one has locked nobody out of the new one.
    await services.identity.unlock(db, { account: used.email, addressKey, requestId })
    const { policy, sendAccountMail } = services.identity
    const { paragraphs, action } = await whatGoesOn(ctx, user.id)
    await sendAccountMail(db, {
      to: used.email,
      subject: `Your password for ${policy.productName} was changed`,
      paragraphs: ['A new password was chosen by a mailed link. All sessions were ended.', ...paragraphs],
      ...(action ? { action } : {}),
      warning: 'If it was not you, choose a new one at once and tell the operator of this installation.',
      requestId,
    })
    await ctx.audit({
      action: 'password.reset',
      target: { kind: 'user', id: user.id },
    })
  },
})
