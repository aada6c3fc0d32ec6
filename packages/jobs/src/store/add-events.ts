// Appends to a job's live log. The numbers come from the job's own row, whose lock makes them gapless and
// committed in order: a reader that asks for everything after the last number it saw misses nothing.
import { encodeJson } from '@levqor/database'
import type { SystemTransaction } from '@levqor/database/system'
import type { JobEvent } from '../job.ts'

type Unnumbered<E> = E extends JobEvent ? Omit<E, 'seq'> : never
/** An event that has no number yet. */
export type NewEvent = Unnumbered<JobEvent>

const insert = `INSERT INTO job_events (job_id, seq, workspace_id, type, data, created_at) VALUES ($1, $2, $3, $4, $5, $6)`

/** `lastSeq` is jobs.event_seq after it was raised by the number of events. */
export async function addEvents(
  tx: SystemTransaction,
  job: { readonly id: string; readonly workspaceId: string },
  lastSeq: number,
  events: readonly NewEvent[],
): Promise<void> {
  let seq = lastSeq - events.length
  for (const event of events) {
    seq += 1
    await tx.run(insert, [job.id, seq, job.workspaceId, event.type, encodeJson(event.data), event.at])
  }
}
