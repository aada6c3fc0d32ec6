// Until when and from where whoever makes or changes a key may act themselves: a key does not escape its own terms by
// another one.
import { decodeJson } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WorkspaceWriteContext } from '../services.ts'

export interface OwnTerms {
  /** Epoch milliseconds; null: no end. */
  readonly expiresAt: number | null
  /** Null: from anywhere. */
  readonly addresses: readonly string[] | null
}

/** People have no such terms. */
export async function ownTerms({
  actor,
  db,
}: Pick<WorkspaceWriteContext, 'actor' | 'db'>): Promise<OwnTerms> {
  if (actor.kind !== 'apiKey') return { expiresAt: null, addresses: null }
  const { expires_at, allowed_addresses } = await db
    .tables<IdentityTables>()
    .selectFrom('api_keys')
    .select(['expires_at', 'allowed_addresses'])
    .where('id', '=', actor.id)
    .executeTakeFirstOrThrow()
  return {
    expiresAt: expires_at,
    addresses: allowed_addresses === null ? null : decodeJson<string[]>(allowed_addresses),
  }
}
