// Switches two-step sign-in off. The code that it asks for is the proof: an older one by the same factor would add nothing,
// and the same code cannot be given twice.
import { endTotp as contract } from '@levqor/client'
import type { SystemReader } from '@levqor/database'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { holdPerson } from '../accounts/hold-person.ts'
import { requireUser } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { requireOwnSession } from '../sessions/require-own-session.ts'
import { checkCode, type RightCode } from './check-code.ts'
import { hasTotp } from './has-totp.ts'
import { mailSecondFactor } from './mail-second-factor.ts'
import { useCode } from './use-code.ts'

export const endTotp = defineVerb({
  name: 'auth.totp.end',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({ ...contract.body.shape, addressKey: z.string() }),
  async prepare(ctx, { code, addressKey }): Promise<RightCode> {
    const { userId, sessionId } = await requireOwnSession(ctx)
    if (!(await hasTotp(ctx.db, userId))) throw serviceError('second_factor_off')
    // Before a code is spent on it.
    await refuseShortPassword(ctx.db, userId)
    return checkCode(ctx, { userId, code, addressKey, knownDevice: sessionId })
  },
  async run(ctx, _, right): Promise<void> {
    const { db, actor } = ctx
    requireUser(actor)
    await holdPerson(db, actor.id)
    const { userId } = await requireOwnSession(ctx)
    await refuseShortPassword(db, userId)
    await useCode(ctx, userId, right)
    const tables = db.tables<IdentityTables>()
    await tables.deleteFrom('totp_secrets').where('user_id', '=', userId).execute()
    await tables.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
    await mailSecondFactor(ctx, userId, { what: 'off' })
    await ctx.audit({
      action: 'totp.ended',
      target: { kind: 'user', id: userId },
      details: { by: right.kind },
    })
  },
})

async function refuseShortPassword(db: Pick<SystemReader, 'tables'>, userId: string): Promise<void> {
  const user = await db
    .tables<IdentityTables>()
    .selectFrom('users')
    .select('password_needs_second_factor')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  if (user.password_needs_second_factor === 1) throw serviceError('password_needs_second_factor')
}
