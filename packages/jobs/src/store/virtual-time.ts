// Fair order between workspaces: start-time fair queueing (Goyal, Vin, Cheng: SIGCOMM 1996), kept in the rows.
//
// A job's virtual time is max(the queue's clock, the workspace's last queued job + cost / weight), per queue and
// priority. The clock is the virtual time of the queue's head; an empty queue's clock is the wall clock in
// microseconds, on which all processes agree without writing anything. One job costs 1000 at weight 100.
// A workspace that floods stamps its jobs ever later; a job of a quiet one lands at the head's time.
//
// Measured alternatives: a counter row per workspace serialises a workspace's concurrent enqueues on PostgreSQL
// (each waits for the other's commit); scanning per tenant at claim time costs with the number of tenants.
import type { DialectName } from '@levqor/database'

/** Placeholders of the statement that the stamp is put into. `floor` is what `RecentTags.reserve` returned. */
export interface StampPlaces {
  readonly workspaceId: string
  readonly queue: string
  readonly priority: string
  /** Epoch milliseconds. */
  readonly now: string
  readonly floor: string
}

/** SQL expression of the next virtual time. */
export function nextVirtualTime(dialect: DialectName, at: StampPlaces): string {
  const [greatest, least] = dialect === 'sqlite' ? ['max', 'min'] : ['GREATEST', 'LEAST']
  const cost = `(100000 / COALESCE((SELECT weight FROM job_shares WHERE workspace_id = ${at.workspaceId}), 100))`
  // The floor may run ahead of what is visible by the enqueues in flight, not by an old burst.
  return `${greatest}(
    COALESCE((SELECT head.virtual_time FROM jobs head WHERE head.state = 'queued' AND head.queue = ${at.queue}
        AND head.priority = ${at.priority} ORDER BY head.virtual_time LIMIT 1), CAST(${at.now} AS BIGINT) * 1000),
    COALESCE((SELECT ${greatest}(own.virtual_time + ${cost}, ${least}(CAST(${at.floor} AS BIGINT), own.virtual_time + 64 * ${cost}))
        FROM jobs own WHERE own.state = 'queued' AND own.workspace_id = ${at.workspaceId} AND own.queue = ${at.queue}
        AND own.priority = ${at.priority} ORDER BY own.virtual_time DESC LIMIT 1), 0))`
}

/**
 * Virtual times that this process gave out within the last second. On PostgreSQL concurrent enqueues of one
 * workspace do not see each other's rows; without this they would all get the same time. SQLite has one writer.
 */
export interface RecentTags {
  /** The earliest time for the next job of this line, 0 when nothing is known. */
  reserve(line: string, now: number): number
  given(line: string, virtualTime: number, now: number): void
}

const recentMs = 1_000
const maxLines = 10_000

export function createRecentTags(dialect: DialectName): RecentTags {
  if (dialect === 'sqlite') return { reserve: () => 0, given: () => undefined }
  const lines = new Map<string, { next: number; at: number }>()
  return {
    reserve(line, now) {
      const known = lines.get(line)
      if (!known || now - known.at > recentMs) return 0
      const floor = known.next
      known.next += 1_000
      return floor
    },
    given(line, virtualTime, now) {
      const known = lines.get(line)
      if (known) {
        known.next = Math.max(known.next, virtualTime + 1_000)
        known.at = now
        return
      }
      if (lines.size >= maxLines) lines.clear()
      lines.set(line, { next: virtualTime + 1_000, at: now })
    },
  }
}
