// From events and counters to what the API says of them.
import { type Lockout, type SecurityEvent, type SecuritySummary, toPublicId } from '@levqor/client'
import type { LockoutRow } from '@levqor/guard/lockout'
import type { StoredSecurityEvent } from '@levqor/server'
import type { SecurityState } from '../../services.ts'
import { rfc3339 } from '../jobs/present-job.ts'

export function presentSecurityEvent(event: StoredSecurityEvent): SecurityEvent {
  return {
    id: toPublicId('evt', event.id),
    time: rfc3339(event.time),
    event: event.event,
    severity: event.severity,
    request_id: event.requestId,
    actor_id: event.actorId,
    workspace_id: event.workspaceId,
    address: event.address,
    details: { ...event.details },
  }
}

export function presentSummary(
  summary: SecurityState & {
    readonly lastDay: readonly { event: string; severity: SecurityEvent['severity']; count: number }[]
  },
): SecuritySummary {
  return {
    protections: summary.protections.map(({ name, mode }) => ({ name, mode })),
    limits: summary.limits,
    events_dropped: summary.eventsDropped,
    last_24_hours: summary.lastDay.map(({ event, severity, count }) => ({ event, severity, count })),
    penalties: summary.penalties.map(({ address, level, blocked, until }) => ({
      address,
      level,
      blocked,
      until: rfc3339(until),
    })),
  }
}

export function presentLockout(row: LockoutRow): Lockout {
  return {
    id: row.id,
    counts: row.counter,
    failures: row.failures,
    locks: row.level,
    locked_until: rfc3339(row.lockedUntilMs),
    changed_at: rfc3339(row.changedAtMs),
  }
}
