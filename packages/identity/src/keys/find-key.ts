// A key of the workspace by its public identifier, whatever became of it.
import { fromPublicId } from '@levqor/client'
import type { WorkspaceReader } from '@levqor/database'
import { serviceError } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { type ApiKeyFacts, apiKeyColumns } from './present-api-key.ts'

/** @throws ServiceError `not_found` */
export async function findKey(db: WorkspaceReader, publicId: string): Promise<ApiKeyFacts> {
  const key = await db
    .tables<IdentityTables>()
    .selectFrom('api_keys')
    .select(apiKeyColumns)
    .where('id', '=', fromPublicId('key', publicId) ?? '')
    .executeTakeFirst()
  if (!key) throw serviceError('not_found', { detail: 'There is no API key with this identifier.' })
  return key
}
