// A key as the API shows it: never its secret, never its digest.
import { type ApiKey, toPublicId } from '@levqor/client'
import type { ApiKeyRow } from '../schema/identity-tables.ts'

export type ApiKeyFacts = Pick<
  ApiKeyRow,
  'id' | 'name' | 'display_prefix' | 'created_at' | 'last_used_at' | 'revoked_at'
>

export const apiKeyColumns = [
  'id',
  'name',
  'display_prefix',
  'created_at',
  'last_used_at',
  'revoked_at',
] as const

export function presentApiKey(row: ApiKeyFacts): ApiKey {
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  return {
    id: toPublicId('key', row.id),
    name: row.name,
    prefix: row.display_prefix,
    created_at: new Date(row.created_at).toISOString(),
    last_used_at: time(row.last_used_at),
    revoked_at: time(row.revoked_at),
  }
}
