// Where a person's mails go.
import type { SystemReader } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'

/** @throws when there is no such person: ask for one who has been seen in this transaction */
export async function addressOf(db: Pick<SystemReader, 'tables'>, userId: string): Promise<string> {
  const { email } = await db
    .tables<IdentityTables>()
    .selectFrom('users')
    .select('email')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  return email
}
