// A key as the API shows it: never its secret, never its digest.
import { type ApiKey, toPublicId } from '@levqor/client'
import { decodeJson } from '@levqor/database'
import { presentTime } from '../present-time.ts'
import type { ApiKeyRow } from '../schema/identity-tables.ts'

export const apiKeyColumns = [
  'id',
  'name',
  'display_prefix',
  'mode',
  'scopes',
  'allowed_addresses',
  'created_at',
  'expires_at',
  'last_used_at',
  'successor_id',
  'overlap_until',
  'revoked_at',
  'revoked_reason',
] as const

export type ApiKeyFacts = Pick<ApiKeyRow, (typeof apiKeyColumns)[number]>

export function presentApiKey(row: ApiKeyFacts): ApiKey {
  return {
    id: toPublicId('key', row.id),
    name: row.name,
    prefix: row.display_prefix,
    mode: row.mode,
    scopes: decodeJson<string[]>(row.scopes),
    allowed_addresses: row.allowed_addresses === null ? null : decodeJson<string[]>(row.allowed_addresses),
    created_at: presentTime(row.created_at),
    expires_at: presentTime(row.expires_at),
    last_used_at: presentTime(row.last_used_at),
    successor_id: row.successor_id === null ? null : toPublicId('key', row.successor_id),
    overlap_until: presentTime(row.overlap_until),
    revoked_at: presentTime(row.revoked_at),
    revoked_reason: row.revoked_reason,
  }
}
