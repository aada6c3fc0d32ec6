// New recovery codes; the old ones are void at once.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { defineVerb } from '../services.ts'
import { holdWithRecentProof } from '../sessions/hold-with-recent-proof.ts'
import { hasTotp } from './has-totp.ts'
import { issueRecoveryCodes } from './issue-recovery-codes.ts'
import { mailSecondFactor } from './mail-second-factor.ts'

export const renewRecoveryCodes = defineVerb({
  name: 'auth.totp.recovery-codes',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run(ctx): Promise<readonly string[]> {
    const { db } = ctx
    const { userId } = await holdWithRecentProof(ctx)
    if (!(await hasTotp(db, userId))) throw serviceError('second_factor_off')
    const codes = await issueRecoveryCodes(ctx, userId)
    await mailSecondFactor(ctx, userId, { what: 'new-recovery-codes' })
    await ctx.audit({ action: 'recovery_codes.renewed', target: { kind: 'user', id: userId } })
    return codes
  },
})
