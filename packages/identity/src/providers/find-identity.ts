// An identity is what a provider calls somebody: issuer and subject, and never the e-mail address, which others may get.
import type { SystemReader } from '@levqor/database'
import type { ExternalIdentityRow, IdentityTables } from '../schema/identity-tables.ts'

export function findIdentity(
  db: SystemReader,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
): Promise<Pick<ExternalIdentityRow, 'id' | 'user_id'> | undefined> {
  return db
    .tables<IdentityTables>()
    .selectFrom('external_identities')
    .select(['id', 'user_id'])
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
}
