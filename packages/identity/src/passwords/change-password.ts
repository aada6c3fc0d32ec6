// Somebody who is signed in chooses another password; the old one is asked for, under the lockout like any other.
import { changePassword as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { requireUser } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { hasTotp } from '../second-factor/has-totp.ts'
import { requireRight } from '../secrets/attempt-result.ts'
import { defineVerb } from '../services.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { type ChosenPassword, choosePassword } from './choose-password.ts'
import { preparePassword } from './password-rules.ts'
import { voidResetLinks } from './void-reset-links.ts'

interface Changed {
  readonly email: string
  readonly before: string
  readonly chosen: ChosenPassword
}

export const changePassword = defineVerb({
  name: 'auth.password.change',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.body.extend({ addressKey: z.string() }),
  async prepare(ctx, { current, password, addressKey }): Promise<Changed> {
    const { db, actor, services, requestId } = ctx
    requireUser(actor)
    const hasSecondFactor = await hasTotp(db, actor.id)
    // The password alone opens nothing there, so alone it does not change itself, either.
    if (hasSecondFactor) await requireRecentProof(ctx)
    const { attempt, passwords } = services.identity
    const user = await db
      .tables<IdentityTables>()
      .selectFrom('users')
      .select(['email', 'password_hash'])
      .where('id', '=', actor.id)
      .executeTakeFirst()
    if (!user) throw serviceError('credential_invalid')
    const before = user.password_hash
    // Nothing was guessed at, so nothing is counted.
    if (before === null) throw serviceError('password_none')
    // The session is the known device: nobody else's failures keep the owner from this.
    const subject = { account: user.email, address: addressKey, knownDevice: actor.sessionId, requestId }
    const result = await attempt(subject, async () =>
      (await passwords.verify(before, preparePassword(current))) ? true : undefined,
    )
    requireRight(result, 'password_wrong')
    const choice = { password, email: user.email, hasSecondFactor, pointer: '/password' }
    return { email: user.email, before, chosen: await choosePassword(services, choice) }
  },
  async run(ctx, _, { email, before, chosen }): Promise<void> {
    const { db, clock, actor, services, requestId } = ctx
    requireUser(actor)
    // Also here: a second factor may have been switched on since.
    if (await hasTotp(db, actor.id)) await requireRecentProof(ctx)
    const now = clock.now()
    const { numUpdatedRows } = await db
      .tables<IdentityTables>()
      .updateTable('users')
      .set({
        password_hash: chosen.hash,
        password_changed_at: now,
        password_needs_second_factor: chosen.short ? 1 : 0,
        updated_at: now,
      })
      .where('id', '=', actor.id)
      .where('password_hash', '=', before)
      .executeTakeFirst()
    if (Number(numUpdatedRows) === 0) throw serviceError('conflict')
    // The second factor may have been switched off since the rules were asked.
    if (chosen.short && !(await hasTotp(db, actor.id))) throw serviceError('conflict')
    await voidResetLinks(ctx, email)
    await endSessions(ctx, { userId: actor.id, reason: 'password-changed', except: actor.sessionId })
    await services.identity.sendAccountMail(db, {
      to: email,
      subject: `Your password for ${services.identity.policy.productName} was changed`,
      paragraphs: ['It was changed by somebody who knew the old one. All other sessions were ended.'],
      warning: 'If it was not you, choose a new one at once and tell the operator of this installation.',
      requestId,
    })
    await ctx.audit({ action: 'password.changed', target: { kind: 'user', id: actor.id } })
  },
})
