// Whether the caller's account asks for a second factor, since when, and how many recovery codes are left.
import { z } from 'zod'
import { requireUser } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { countRecoveryCodes } from './use-code.ts'

export interface SecondFactorState {
  readonly enabledAt: number | null
  readonly recoveryCodesLeft: number
  /** Chosen while it was on, and too short without it. */
  readonly passwordNeedsIt: boolean
}

export const getSecondFactor = defineVerb({
  name: 'auth.second-factor.get',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run({ db, actor }): Promise<SecondFactorState> {
    requireUser(actor)
    const row = await db
      .tables<IdentityTables>()
      .selectFrom('users')
      .leftJoin('totp_secrets', 'totp_secrets.user_id', 'users.id')
      .select(['totp_secrets.confirmed_at', 'users.password_needs_second_factor'])
      .where('users.id', '=', actor.id)
      .executeTakeFirstOrThrow()
    return {
      enabledAt: row.confirmed_at,
      recoveryCodesLeft: row.confirmed_at === null ? 0 : await countRecoveryCodes(db, actor.id),
      passwordNeedsIt: row.password_needs_second_factor === 1,
    }
  },
})
