// Whether somebody has a passkey.
import type { SystemReader } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'

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
