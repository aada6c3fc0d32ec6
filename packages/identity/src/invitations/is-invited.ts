// Whether an address may make an account where only invited people do.
import type { SystemReader } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'

export async function isInvited(db: SystemReader, email: string, now: number): Promise<boolean> {
  const open = await db
    .tables<IdentityTables>()
    .selectFrom('invitations')
    .select('id')
    .where('email', '=', email)
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', now)
    .limit(1)
    .executeTakeFirst()
  return open !== undefined
}
