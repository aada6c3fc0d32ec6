// Parallel deliveries to one mailbox take turns at being counted.
import type { SystemTransaction } from '@levqor/database'
import type { IdentityTables, TokenPurpose } from '../schema/identity-tables.ts'

/** Changes nothing but holds the first row of this mailbox. One row, so that they cannot block each other. */
export async function holdMailbox(
  db: SystemTransaction,
  purpose: TokenPurpose,
  email: string,
): Promise<void> {
  await db
    .tables<IdentityTables>()
    .updateTable('one_time_tokens')
    .set((by) => ({ purpose: by.ref('purpose') }))
    .where('id', '=', (by) =>
      by
        .selectFrom('one_time_tokens')
        .select((first) => first.fn.min('id').as('id'))
        .where('email', '=', email)
        .where('purpose', '=', purpose),
    )
    .execute()
}
