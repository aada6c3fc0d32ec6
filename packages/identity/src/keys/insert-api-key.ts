// Writes a new key: used by the verbs that make one and by the first start.
import { encodeJson, type SystemTransaction, type WorkspaceTransaction } from '@levqor/database'
import type { ApiKeyRow, IdentityTables } from '../schema/identity-tables.ts'
import { type NewApiKey, newApiKey } from './api-key-format.ts'

export interface InsertedApiKey {
  readonly row: ApiKeyRow
  readonly scopes: readonly string[]
  /** Shown once. */
  readonly secret: string
}

export interface NewKeyFacts
  extends Pick<ApiKeyRow, 'id' | 'workspace_id' | 'name' | 'created_by' | 'created_at'> {
  readonly scopes: readonly string[]
  /** Default `live`. */
  readonly mode?: ApiKeyRow['mode']
  readonly expires_at?: number | null
  readonly allowed_addresses?: readonly string[] | null
}

export async function insertApiKey(
  db: WorkspaceTransaction | SystemTransaction,
  facts: NewKeyFacts,
  key: NewApiKey = newApiKey(facts.mode),
): Promise<InsertedApiKey> {
  const { mode = 'live', expires_at = null, allowed_addresses, ...columns } = facts
  const scopes = [...new Set(facts.scopes)]
  const row: ApiKeyRow = {
    ...columns,
    key_hash: key.hash,
    display_prefix: key.displayPrefix,
    scopes: encodeJson(scopes),
    last_used_at: null,
    expires_at,
    revoked_at: null,
    mode,
    allowed_addresses: encodeAddresses(allowed_addresses),
    successor_id: null,
    overlap_until: null,
    revoked_reason: null,
  }
  await db.tables<IdentityTables>().insertInto('api_keys').values(row).execute()
  return { row, scopes, secret: key.text }
}

/** As the column holds them: a list, or null for every address. */
export function encodeAddresses(ranges: readonly string[] | null | undefined): string | null {
  return ranges ? encodeJson([...new Set(ranges)]) : null
}
