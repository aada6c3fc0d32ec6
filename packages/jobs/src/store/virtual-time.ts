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
import { indexGuards } from '../schema/index-guards.ts'

/** Placeholders or columns of the statement that the stamp is put into. */
export interface StampPlaces {
  readonly workspaceId: string
  readonly queue: string
  readonly priority: string
  /** Epoch milliseconds. */
  readonly now: string
  /** `tag` and `place` of `RecentTags.reserve`; `0` and `1` where rows move one after the other. */
  readonly tag: string
  readonly place: string
}

/** SQL expression of the next virtual time. */
export function nextVirtualTime(dialect: DialectName, at: StampPlaces): string {
  const [greatest, least] = dialect === 'sqlite' ? ['max', 'min'] : ['GREATEST', 'LEAST']
  const cost = `(100000 / COALESCE((SELECT weight FROM job_shares WHERE workspace_id = ${at.workspaceId}), 100))`
  // The tag may run ahead of what is visible by the enqueues in flight, not by an old burst.
  return `${greatest}(
    COALESCE((SELECT head.virtual_time FROM jobs head WHERE head.state = 'queued' AND head.${indexGuards.claim} AND head.queue = ${at.queue}
        AND head.priority = ${at.priority} ORDER BY head.virtual_time LIMIT 1), CAST(${at.now} AS BIGINT) * 1000),
    COALESCE((SELECT ${greatest}(own.virtual_time, ${least}(CAST(${at.tag} AS BIGINT), own.virtual_time + 64 * ${cost}))
          + CAST(${at.place} AS BIGINT) * ${cost}
        FROM jobs own WHERE own.state = 'queued' AND own.${indexGuards.share} AND own.workspace_id = ${at.workspaceId} AND own.queue = ${at.queue}
        AND own.priority = ${at.priority} ORDER BY own.virtual_time DESC LIMIT 1), 0))`
}

/** A place in one line (workspace, queue, priority) behind the enqueues that are not visible yet. */
export interface Reservation {
  /** The last time this process gave out, 0 when it is unknown. */
  readonly tag: number
  /** 1 for the next place, more when other enqueues are in flight. */
  readonly place: number
  /** The enqueue is not in flight any more. */
  release(): void
  /** What was given out. */
  given(virtualTime: number): void
}

/**
 * On PostgreSQL concurrent enqueues of one workspace do not see each other's rows; without this they would all get
 * the same time. SQLite has one writer.
 */
export interface RecentTags {
  reserve(line: string, now: number): Reservation
}

const recentMs = 1_000
const maxLines = 10_000

export function createRecentTags(dialect: DialectName): RecentTags {
  const alone: Reservation = { tag: 0, place: 1, release: () => undefined, given: () => undefined }
  if (dialect === 'sqlite') return { reserve: () => alone }
  const lines = new Map<string, { tag: number; flying: number; at: number }>()
  return {
    reserve(line, now) {
      if (lines.size >= maxLines) lines.clear()
      const known = lines.get(line) ?? { tag: 0, flying: 0, at: now }
      lines.set(line, known)
      if (now - known.at > recentMs) known.tag = 0
      known.flying += 1
      return {
        tag: known.tag,
        place: known.flying,
        release() {
          known.flying -= 1
        },
        given(virtualTime) {
          known.tag = Math.max(known.tag, virtualTime)
          known.at = now
        },
      }
    },
  }
}
