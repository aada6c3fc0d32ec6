// Uses a right code up: of all who try at once, one succeeds.
import { serviceError } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { ReadContext, WriteContext } from '../services.ts'
import type { RightCode } from './check-code.ts'
import { mailSecondFactor } from './mail-second-factor.ts'

/** @throws ServiceError `second_factor_wrong` when somebody else was faster, or it belongs to a secret that is gone */
export async function useCode(ctx: WriteContext, userId: string, right: RightCode): Promise<void> {
  const { db, clock } = ctx
  const tables = db.tables<IdentityTables>()
  const { numUpdatedRows } =
    right.kind === 'totp'
      ? await tables
          .updateTable('totp_secrets')
          .set({ last_step: right.step })
          .where('user_id', '=', userId)
          .where('secret', '=', right.sealed)
          .where('last_step', '<', right.step)
          .executeTakeFirst()
      : await tables
          .updateTable('recovery_codes')
          .set({ used_at: clock.now() })
          .where('id', '=', right.id)
          .where('user_id', '=', userId)
          .where('used_at', 'is', null)
          .executeTakeFirst()
  if (Number(numUpdatedRows) === 0) throw serviceError('second_factor_wrong')
  if (right.kind === 'totp') return
  const left = await countRecoveryCodes(db, userId)
  await ctx.audit({
    action: 'recovery_code.used',
    target: { kind: 'user', id: userId },
    details: { left },
  })
  await mailSecondFactor(ctx, userId, { what: 'recovery-code-used', left })
}

/** Those that still work. */
export async function countRecoveryCodes(
  db: Pick<ReadContext['db'], 'tables'>,
  userId: string,
): Promise<number> {
  const { count } = await db
    .tables<IdentityTables>()
    .selectFrom('recovery_codes')
    .select((by) => by.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}
