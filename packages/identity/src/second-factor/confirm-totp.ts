// Switches two-step sign-in on, once the app has shown that it has the secret. Every other session began with one factor
// only, so all of them end.
import { confirmTotp as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { attemptError } from '../secrets/attempt-result.ts'
import { defineVerb } from '../services.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { holdWithRecentProof } from '../sessions/hold-with-recent-proof.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { secondFactorAccount } from './check-code.ts'
import { issueRecoveryCodes } from './issue-recovery-codes.ts'
import { mailSecondFactor } from './mail-second-factor.ts'
import { clockErrorMinutes, matchStep } from './totp.ts'
import { sealedFor } from './totp-secret.ts'

interface Confirmed {
  readonly sealed: string
  readonly step: number
}

export const confirmTotp = defineVerb({
  name: 'auth.totp.confirm',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({ ...contract.body.shape, addressKey: z.string() }),
  async prepare(ctx, { code, addressKey }): Promise<Confirmed> {
    const { db, clock, services, requestId } = ctx
    const { userId, sessionId } = await requireRecentProof(ctx)
    const { attempt, policy, sealer } = services.identity
    const now = clock.now()
    const started = await db
      .tables<IdentityTables>()
      .selectFrom('totp_secrets')
      .select(['secret', 'confirmed_at', 'created_at'])
      .where('user_id', '=', userId)
      .executeTakeFirst()
    if (started && started.confirmed_at !== null) throw serviceError('second_factor_on')
    if (!started || started.created_at <= now - policy.totpStartMs) throw serviceError('totp_start_expired')
    const secret = sealer.open(started.secret, sealedFor(userId))
    const digits = code.replace(/\s/g, '')
    // Under the lockout: whoever holds a stolen session must not finish by guessing what its owner began.
    const result = await attempt(
      { account: secondFactorAccount(userId), address: addressKey, knownDevice: sessionId, requestId },
      async () => matchStep(secret, digits, { now, lastStep: 0 }),
    )
    if (result.outcome === 'refused') throw attemptError(result.decision)
    if (result.outcome === 'failed') {
      throw serviceError('second_factor_wrong', { detail: advice(clockErrorMinutes(secret, digits, now)) })
    }
    return { sealed: started.secret, step: result.value }
  },
  async run(ctx, _, { sealed, step }): Promise<readonly string[]> {
    const { db, clock } = ctx
    const { userId, sessionId } = await holdWithRecentProof(ctx)
    const now = clock.now()
    const tables = db.tables<IdentityTables>()
    const { numUpdatedRows } = await tables
      .updateTable('totp_secrets')
      .set({ confirmed_at: now, last_step: step })
      .where('user_id', '=', userId)
      .where('secret', '=', sealed)
      .where('confirmed_at', 'is', null)
      .executeTakeFirst()
    if (Number(numUpdatedRows) === 0) throw serviceError('second_factor_on')
    await tables
      .updateTable('sessions')
      .set({ second_factor: 'totp', proven_at: now })
      .where('id', '=', sessionId)
      .execute()
    const codes = await issueRecoveryCodes(ctx, userId)
    await endSessions(ctx, { userId, reason: 'second-factor-on', except: sessionId })
    await mailSecondFactor(ctx, userId, { what: 'on' })
    await ctx.audit({ action: 'totp.confirmed', target: { kind: 'user', id: userId } })
    return codes
  },
})

function advice(minutes: number | undefined): string {
  if (minutes === undefined) return 'Type in the code that the app shows now for this secret.'
  const off = Math.max(1, Math.abs(minutes))
  const side = minutes < 0 ? 'behind' : 'ahead'
  return `The clock of your phone seems to be about ${off} minute${off === 1 ? '' : 's'} ${side}. Let it be set automatically, then type in the code that is shown.`
}
