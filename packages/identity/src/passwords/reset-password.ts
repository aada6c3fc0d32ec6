// A new password by mail: whoever had the old one is out, in every browser and process.
import { resetPassword as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { consumeToken } from '../one-time-tokens/one-time-token.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { hashSecret } from '../secrets/opaque-token.ts'
import { defineVerb } from '../services.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { choosePassword } from './choose-password.ts'

export const resetPassword = defineVerb({
  name: 'auth.reset-password',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous', 'user'], role: 'viewer' },
  input: contract.body,
  async prepare({ db, services, clock }, { token, password }): Promise<string> {
    const asked = await db
      .tables<IdentityTables>()
      .selectFrom('one_time_tokens')
      .select(['email'])
      .where('token_hash', '=', hashSecret(token))
      .where('purpose', '=', 'reset-password')
      .where('used_at', 'is', null)
      .where('expires_at', '>', clock.now())
      .executeTakeFirst()
    // A link that does not hold is not worth hashing for; `run` says which way it does not.
    if (!asked) return ''
    return choosePassword(services, {
      password,
      email: asked.email ?? '',
      hasSecondFactor: false,
      pointer: '/password',
    })
  },
  async run(ctx, { token }, passwordHash): Promise<void> {
    const { db, clock, services, requestId } = ctx
    const now = clock.now()
    const used = await consumeToken(db, { token, purpose: 'reset-password', now })
    const user = await db
      .tables<IdentityTables>()
      .updateTable('users')
      .set((by) => ({
        password_hash: passwordHash,
        password_changed_at: now,
        updated_at: now,
        // The mailbox has just answered.
        email_verified_at: by.fn.coalesce('email_verified_at', by.val(now)),
      }))
      .where('email', '=', used.email)
      .where('status', '=', 'active')
      .returning('id')
      .executeTakeFirst()
    if (!user || passwordHash === '') throw serviceError('token_invalid')
    await endSessions(ctx, { userId: user.id, reason: 'password-reset' })
    await services.identity.sendAccountMail(db, {
      to: used.email,
      subject: `Your password for ${services.identity.policy.productName} was changed`,
      paragraphs: ['A new password was chosen by a mailed link. All sessions were ended.'],
      warning: 'If it was not you, choose a new one at once and tell the operator of this installation.',
      requestId,
    })
    await ctx.audit({
      action: 'password.reset',
      target: { kind: 'user', id: user.id },
    })
  },
})
