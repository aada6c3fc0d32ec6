// Writes a new key: used by the verb that makes one and by the first start.
import { encodeJson, type SystemTransaction, type WorkspaceTransaction } from '@levqor/database'
import type { ApiKeyRow, IdentityTables } from '../schema/identity-tables.ts'
import { type NewApiKey, newApiKey } from './api-key-format.ts'

export interface InsertedApiKey {
  readonly row: ApiKeyRow
  /** Shown once. */
  readonly secret: string
}

export async function insertApiKey(
  db: WorkspaceTransaction | SystemTransaction,
  facts: Pick<ApiKeyRow, 'id' | 'workspace_id' | 'name' | 'created_by' | 'created_at'> & {
    readonly scopes: readonly string[]
  },
  key: NewApiKey = newApiKey(),
): Promise<InsertedApiKey> {
  const { scopes, ...columns } = facts
  const row: ApiKeyRow = {
    ...columns,
    key_hash: key.hash,
    display_prefix: key.displayPrefix,
    scopes: encodeJson(scopes),
    last_used_at: null,
    expires_at: null,
    revoked_at: null,
    mode: 'live',
    allowed_addresses: null,
    successor_id: null,
    overlap_until: null,
    revoked_reason: null,
  }
  await db.tables<IdentityTables>().insertInto('api_keys').values(row).execute()
  return { row, secret: key.text }
}
