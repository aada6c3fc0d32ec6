// Makes the secret of an authenticator app. It asks for nothing until a code of it has been confirmed.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { addressOf } from '../accounts/address-of.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { describeTotp, newTotpSecret } from './totp.ts'
import { sealedFor } from './totp-secret.ts'

export interface StartedTotp {
  readonly uri: string
  readonly secret: string
  readonly expiresAt: number
}

export const startTotp = defineVerb({
  name: 'auth.totp.start',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run(ctx): Promise<StartedTotp> {
    const { db, clock, services } = ctx
    const { userId } = await requireRecentProof(ctx)
    const { policy, sealer } = services.identity
    const tables = db.tables<IdentityTables>()
    const email = await addressOf(db, userId)
    const now = clock.now()
    const secret = newTotpSecret()
    const row = { secret: sealer.seal(secret, sealedFor(userId)), last_step: 0, created_at: now }
    const { numInsertedOrUpdatedRows } = await tables
      .insertInto('totp_secrets')
      .values({ user_id: userId, confirmed_at: null, ...row })
      .onConflict((conflict) =>
        conflict.column('user_id').doUpdateSet(row).where('totp_secrets.confirmed_at', 'is', null),
      )
      .executeTakeFirst()
    if (Number(numInsertedOrUpdatedRows) === 0) throw serviceError('second_factor_on')
    await ctx.audit({ action: 'totp.started', target: { kind: 'user', id: userId } })
    return {
      ...describeTotp(secret, { issuer: policy.productName, account: email }),
      expiresAt: now + policy.totpStartMs,
    }
  },
})
