// Looks whether a code of the authenticator app, or a recovery code, is right. Nothing is used up yet: that is the part of
// `useCode`, in the transaction of what the code is for.

import type { IdentityTables } from '../schema/identity-tables.ts'
import { requireRight } from '../secrets/attempt-result.ts'
import type { ReadContext } from '../services.ts'
import { hashRecoveryCode } from './recovery-code.ts'
import { matchStep } from './totp.ts'
import { sealedFor } from './totp-secret.ts'

export type RightCode =
  | { readonly kind: 'totp'; readonly step: number; readonly sealed: string }
  | { readonly kind: 'recovery-code'; readonly id: string }

type Context = Pick<ReadContext, 'db' | 'clock' | 'services' | 'requestId'>

export interface CodeAttempt {
  readonly userId: string
  readonly code: string
  readonly addressKey: string
  /** Proven by a cookie, or the session itself: keeps strangers who guess from locking the owner out. */
  readonly knownDevice?: string | undefined
}

/** The name under which the lockout counts: neither the password's failures nor those of another account. */
export function secondFactorAccount(userId: string): string {
  return `second-factor:${userId}`
}

/** @throws ServiceError `second_factor_wrong`, `locked`, `limits_unavailable` */
export async function checkCode(ctx: Context, asked: CodeAttempt): Promise<RightCode> {
  const { userId, code, addressKey, knownDevice } = asked
  const result = await ctx.services.identity.attempt(
    {
      account: secondFactorAccount(userId),
      address: addressKey,
      requestId: ctx.requestId,
      ...(knownDevice === undefined ? {} : { knownDevice }),
    },
    () => findRight(ctx, userId, code),
  )
  return requireRight(result, 'second_factor_wrong')
}

async function findRight(
  { db, clock, services }: Context,
  userId: string,
  code: string,
): Promise<RightCode | undefined> {
  const tables = db.tables<IdentityTables>()
  const digits = code.replace(/\s/g, '')
  if (/^\d{6}$/.test(digits)) {
    const row = await tables
      .selectFrom('totp_secrets')
      .select(['secret', 'last_step'])
      .where('user_id', '=', userId)
      .where('confirmed_at', 'is not', null)
      .executeTakeFirst()
    if (!row) return undefined
    const secret = services.identity.sealer.open(row.secret, sealedFor(userId))
    const step = matchStep(secret, digits, { now: clock.now(), lastStep: row.last_step })
    return step === undefined ? undefined : { kind: 'totp', step, sealed: row.secret }
  }
  const hash = hashRecoveryCode(code)
  if (hash === undefined) return undefined
  // A look-up instead of a comparison: nobody learns from its time how near a guess of 80 bits came.
  const row = await tables
    .selectFrom('recovery_codes')
    .select('id')
    .where('user_id', '=', userId)
    .where('code_hash', '=', hash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return row && { kind: 'recovery-code', id: row.id }
}
