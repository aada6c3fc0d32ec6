// Somebody who is signed in chooses another password; the old one is asked for, under the lockout like any other.
import { changePassword as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { attemptError } from './attempt-error.ts'
import { choosePassword } from './choose-password.ts'
import { preparePassword } from './password-rules.ts'

interface Changed {
  readonly email: string
  readonly before: string
  readonly passwordHash: string
}

export const changePassword = defineVerb({
  name: 'auth.password.change',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.body.extend({ addressKey: z.string() }),
  async prepare({ db, actor, services, requestId }, { current, password, addressKey }): Promise<Changed> {
    if (actor.kind !== 'user') throw serviceError('credential_unsuitable')
    const { attempt, passwords } = services.identity
    const user = await db
      .tables<IdentityTables>()
      .selectFrom('users')
      .select(['email', 'password_hash'])
      .where('id', '=', actor.id)
      .executeTakeFirst()
    if (!user) throw serviceError('credential_invalid')
    const before = user.password_hash ?? passwords.dummy
    // The session is the known device: nobody else's failures keep the owner from this.
    const subject = { account: user.email, address: addressKey, knownDevice: actor.sessionId, requestId }
    const result = await attempt(subject, async () =>
      (await passwords.verify(before, preparePassword(current))) ? true : undefined,
    )
    if (result.outcome === 'failed') throw serviceError('password_wrong')
    if (result.outcome === 'refused') throw attemptError(result.decision)
    const choice = { password, email: user.email, hasSecondFactor: false, pointer: '/password' }
    return { email: user.email, before, passwordHash: await choosePassword(services, choice) }
  },
  async run(ctx, _, { email, before, passwordHash }): Promise<void> {
    const { db, clock, actor, services, requestId } = ctx
    if (actor.kind !== 'user') throw serviceError('credential_unsuitable')
    const now = clock.now()
    const { numUpdatedRows } = await db
      .tables<IdentityTables>()
      .updateTable('users')
      .set({ password_hash: passwordHash, password_changed_at: now, updated_at: now })
      .where('id', '=', actor.id)
      .where('password_hash', '=', before)
      .executeTakeFirst()
    if (Number(numUpdatedRows) === 0) throw serviceError('conflict')
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
