// Holds a person's row until the transaction ends: what counts their workspaces, or depends on whether they have a second
// factor, takes turns. In PostgreSQL two of them could otherwise each read what was there before the other. One order, so
// that no two transactions wait for one another: workspaces first, then people by their ids, then what is theirs (sessions,
// keys, mailed tokens).
import type { SystemTransaction } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'

/** Changes nothing. */
export async function holdPerson(db: SystemTransaction, userId: string): Promise<void> {
  await db
    .tables<IdentityTables>()
    .updateTable('users')
    .set((by) => ({ status: by.ref('status') }))
    .where('id', '=', userId)
    .execute()
}

/** The same for several, each once and in the one order. */
export async function holdPeople(db: SystemTransaction, userIds: Iterable<string>): Promise<void> {
  for (const userId of [...new Set(userIds)].sort()) await holdPerson(db, userId)
}

/** The same for whoever has this address and an open account. Returns who that is. */
export async function holdPersonAt(db: SystemTransaction, email: string): Promise<string | undefined> {
  const person = await db
    .tables<IdentityTables>()
    .updateTable('users')
    .set((by) => ({ status: by.ref('status') }))
    .where('email', '=', email)
    .where('status', '=', 'active')
    .returning('id')
    .executeTakeFirst()
  return person?.id
}
