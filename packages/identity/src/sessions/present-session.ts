// A session as its owner sees it.
import { type OperatorVisit, type Session, toPublicId } from '@levqor/client'
import { presentTime } from '../present-time.ts'
import type { SessionRow } from '../schema/identity-tables.ts'

export const sessionColumns = [
  'id',
  'device',
  'name',
  'network',
  'method',
  'second_factor',
  'created_at',
  'last_seen_at',
  'expires_at',
] as const

export type SessionFacts = Pick<SessionRow, (typeof sessionColumns)[number]> & { readonly current: boolean }

export function presentSession(row: SessionFacts): Session {
  return {
    id: toPublicId('ses', row.id),
    current: row.current,
    device: row.device ?? 'unknown',
    name: row.name,
    network: row.network,
    method: row.method,
    second_factor: row.second_factor,
    created_at: presentTime(row.created_at),
    last_seen_at: presentTime(row.last_seen_at),
    expires_at: presentTime(row.expires_at),
  }
}

export type VisitFacts = Pick<
  SessionRow,
  'id' | 'impersonation_reason' | 'created_at' | 'ended_at' | 'expires_at'
>

/** @param now epoch milliseconds, to tell one whose time is over and that is not written down as such yet */
export function presentVisit(visit: VisitFacts & { readonly now: number }): OperatorVisit {
  const { id, impersonation_reason: reason, created_at, expires_at, now } = visit
  const endedAt = visit.ended_at ?? (expires_at <= now ? expires_at : null)
  return {
    id: toPublicId('ses', id),
    reason: reason ?? '',
    started_at: presentTime(created_at),
    ended_at: presentTime(endedAt),
  }
}
