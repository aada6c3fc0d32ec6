// What was mailed to a mailbox and would open its account opens it no longer.
import { encodeJson } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'

export async function voidMailedSecrets({ db, clock }: WriteContext, email: string): Promise<void> {
  const now = clock.now()
  const tables = db.tables<IdentityTables>()
  await tables
    .updateTable('magic_links')
    .set({ used_at: now })
    .where('email', '=', email)
    .where('used_at', 'is', null)
    .execute()
  await tables
    .updateTable('one_time_tokens')
    .set({ used_at: now, data: encodeJson({}) })
    .where('email', '=', email)
    .where('purpose', 'in', ['reset-password', 'verify-email'])
    .where('used_at', 'is', null)
    .execute()
}
