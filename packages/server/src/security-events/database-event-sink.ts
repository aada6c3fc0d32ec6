// The guard's events on our database: one batch, one statement each, one transaction. The guard's queue in front is
// bounded and counts what it drops, so a slow disk never slows a request. Collected for a moment, so that a busy server
// does not commit once for each: what a crash takes from the table is in the log, which is written at once.
import { type Database, encodeJson } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import type { SecurityEventSink } from '@levqor/guard'

/** How long events are kept, milliseconds. */
export const securityEventRetentionMs = 90 * 24 * 60 * 60 * 1000

/** @example createSecurityEvents({ sinks: [stdoutSink(), databaseEventSink(database)], clock, pseudonyms }) */
export function databaseEventSink(database: Database): SecurityEventSink {
  return {
    name: 'database',
    gatherMs: 50,
    write: (events) =>
      asSystem(database).transaction(async (tx) => {
        for (const event of events) {
          await tx.run(
            `INSERT INTO security_events
               (id, created_at, event, severity, request_id, actor_id, workspace_id, address, details)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
            [
              database.ids.next(),
              event.time,
              event.event,
              event.severity,
              event.requestId ?? null,
              event.actorId ?? null,
              event.workspaceId ?? null,
              event.address ?? null,
              encodeJson(event.details ?? {}),
            ],
          )
        }
      }),
  }
}

/** Deletes what is older than {@link securityEventRetentionMs}; at most 1,000 rows a call. Returns how many. */
export function pruneSecurityEvents(database: Database): Promise<number> {
  const before = database.clock.now() - securityEventRetentionMs
  return asSystem(database).transaction((tx) =>
    tx.run(
      `DELETE FROM security_events WHERE id IN
         (SELECT id FROM security_events WHERE created_at < $1 ORDER BY created_at LIMIT 1000)`,
      [before],
    ),
  )
}
