// Behind every key stands a person: a key that is made with a key belongs to the same one.
import { serviceError } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WorkspaceWriteContext } from '../services.ts'

export async function answerablePerson({ actor, db }: WorkspaceWriteContext): Promise<string> {
  if (actor.kind === 'user') return actor.id
  if (actor.kind !== 'apiKey') throw serviceError('credential_unsuitable')
  const { created_by } = await db
    .tables<IdentityTables>()
    .selectFrom('api_keys')
    .select('created_by')
    .where('id', '=', actor.id)
    .executeTakeFirstOrThrow()
  return created_by
}
