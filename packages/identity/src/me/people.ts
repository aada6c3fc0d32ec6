// People as they see themselves: the columns of an answer about the caller.
import type { SystemReader } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'

export function people(db: Pick<SystemReader, 'tables'>) {
  return db
    .tables<IdentityTables>()
    .selectFrom('users')
    .select((by) => [
      'users.id',
      'users.email',
      'users.name',
      'users.locale',
      'users.currency',
      'users.deletion_due_at',
      by('users.password_hash', 'is not', null).as('has_password'),
    ])
}
