// Whether an account asks for a second factor.
import type { SystemReader } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'

export async function hasTotp(db: Pick<SystemReader, 'tables'>, userId: string): Promise<boolean> {
  const confirmed = await db
    .tables<IdentityTables>()
    .selectFrom('totp_secrets')
    .select('user_id')
    .where('user_id', '=', userId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst()
  return confirmed !== undefined
}
