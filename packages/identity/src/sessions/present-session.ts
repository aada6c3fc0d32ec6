// A session as its owner sees it.
import { type Session, toPublicId } from '@levqor/client'
import type { SessionRow } from '../schema/identity-tables.ts'

export const sessionColumns = [
  'id',
  'device',
  'name',
  'network',
  'method',
  'created_at',
  'last_seen_at',
  'expires_at',
] as const

export type SessionFacts = Pick<SessionRow, (typeof sessionColumns)[number]> & { readonly current: boolean }

export function presentSession(row: SessionFacts): Session {
  const time = (ms: number) => new Date(ms).toISOString()
  return {
    id: toPublicId('ses', row.id),
    current: row.current,
    device: row.device ?? 'unknown',
    name: row.name,
    network: row.network,
    method: row.method,
    created_at: time(row.created_at),
    last_seen_at: time(row.last_seen_at),
    expires_at: time(row.expires_at),
  }
}
