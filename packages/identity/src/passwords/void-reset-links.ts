// A password that has just been chosen is not chosen anew by a link that was mailed before.
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'

export async function voidResetLinks({ db, clock }: WriteContext, email: string): Promise<void> {
  await db
    .tables<IdentityTables>()
    .updateTable('one_time_tokens')
    .set({ used_at: clock.now() })
    .where('email', '=', email)
    .where('purpose', '=', 'reset-password')
    .where('used_at', 'is', null)
    .execute()
}
