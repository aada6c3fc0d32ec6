// With what an account that asks for a second factor can answer.
import type { SystemReader } from '@levqor/database'
import type { IdentityTables, SecondFactor } from '../schema/identity-tables.ts'

export async function secondFactorMethods(
  db: Pick<SystemReader, 'tables'>,
  userId: string,
): Promise<readonly SecondFactor[]> {
  return ['totp', 'recovery-code', ...((await hasPasskey(db, userId)) ? (['passkey'] as const) : [])]
}

export async function hasPasskey(db: Pick<SystemReader, 'tables'>, userId: string): Promise<boolean> {
  const passkey = await db
    .tables<IdentityTables>()
    .selectFrom('passkeys')
    .select('id')
    .where('user_id', '=', userId)
    .limit(1)
    .executeTakeFirst()
  return passkey !== undefined
}
