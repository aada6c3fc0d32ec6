// Reading the events back, newest first: by severity, event, person, workspace, address pseudonym and time.
import { decodeCursor, decodeJson, encodeCursor, type SystemReader } from '@levqor/database'
import { type EventDetails, type SecurityEventName, type Severity, securityEvents } from '@levqor/guard'

/** Severities, least urgent first. */
export const severities = ['info', 'notice', 'warning', 'critical'] as const satisfies readonly Severity[]

/** Which events; what is left out is not filtered. Times in epoch milliseconds. */
export interface SecurityEventFilter {
  /** This severity or worse. */
  readonly severity?: Severity
  readonly event?: SecurityEventName
  readonly actorId?: string
  readonly workspaceId?: string
  /** The pseudonym as an event shows it. */
  readonly address?: string
  readonly requestId?: string
  readonly from?: number
  /** Exclusive. */
  readonly to?: number
}

/** An event as it was kept. Names may be of an older catalogue. */
export interface StoredSecurityEvent {
  readonly id: string
  readonly time: number
  readonly event: string
  readonly severity: Severity
  readonly requestId: string | null
  readonly actorId: string | null
  readonly workspaceId: string | null
  readonly address: string | null
  readonly details: EventDetails
}

export interface SecurityEventPage {
  readonly events: readonly StoredSecurityEvent[]
  /** Missing on the last page. */
  readonly nextCursor: string | undefined
}

interface SecurityEventsTable {
  security_events: {
    id: string
    created_at: number
    event: string
    severity: Severity
    request_id: string | null
    actor_id: string | null
    workspace_id: string | null
    address: string | null
    details: string
  }
}

/**
 * @param request.limit 1 to 100, default 20
 * @throws DatabaseError `bad_cursor`
 */
export async function listSecurityEvents(
  reader: SystemReader,
  request: SecurityEventFilter & { readonly limit?: number; readonly cursor?: string } = {},
): Promise<SecurityEventPage> {
  const limit = Math.min(Math.max(Math.trunc(request.limit ?? 20), 1), 100)
  let query = reader.tables<SecurityEventsTable>().selectFrom('security_events').selectAll()
  if (request.severity !== undefined) {
    query = query.where('severity', 'in', severities.slice(severities.indexOf(request.severity)))
  }
  for (const [column, value] of Object.entries({
    event: request.event,
    actor_id: request.actorId,
    workspace_id: request.workspaceId,
    address: request.address,
    request_id: request.requestId,
  } as const)) {
    // Keys of the very object above, whose names are columns.
    if (value !== undefined) query = query.where(column as 'event', '=', value)
  }
  if (request.from !== undefined) query = query.where('created_at', '>=', request.from)
  if (request.to !== undefined) query = query.where('created_at', '<', request.to)
  if (request.cursor !== undefined) {
    const [time, id] = decodeCursor(request.cursor, ['number', 'string'])
    query = query.where(({ eb, and, or }) =>
      or([eb('created_at', '<', time), and([eb('created_at', '=', time), eb('id', '<', id)])]),
    )
  }
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    events: shown.map((row) => ({
      id: row.id,
      time: row.created_at,
      event: row.event,
      severity: row.severity,
      requestId: row.request_id,
      actorId: row.actor_id,
      workspaceId: row.workspace_id,
      address: row.address,
      // Written by the sink from the very type.
      details: decodeJson<EventDetails>(row.details),
    })),
    nextCursor: rows.length > limit && last ? encodeCursor([last.created_at, last.id]) : undefined,
  }
}

/**
 * How often each event of the catalogue happened since a time (epoch milliseconds), in the catalogue's order. A row may
 * stand for many that a flood was merged to.
 */
export async function countSecurityEvents(
  reader: SystemReader,
  since: number,
): Promise<readonly { event: SecurityEventName; severity: Severity; count: number }[]> {
  const rows = await reader.query<{ event: string; count: number | string }>(
    `SELECT event, sum(coalesce(CAST(details ->> 'merged' AS INTEGER), 1)) AS count
       FROM security_events WHERE created_at >= $1 GROUP BY event`,
    [since],
  )
  const counts = new Map(rows.map((row) => [row.event, Number(row.count)]))
  return Object.entries(securityEvents).map(([event, severity]) => ({
    // Keys of the very catalogue that names the type.
    event: event as SecurityEventName,
    severity,
    count: counts.get(event) ?? 0,
  }))
}
