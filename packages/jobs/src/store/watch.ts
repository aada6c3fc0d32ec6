// Follows one job live. The store is the only source: signals of this process make it look at once, and it looks
// again every second for what other processes do. So nothing is missed, doubled or out of order.
import { createBell } from '../bell.ts'
import type { JobEvent } from '../job.ts'
import { isFinished, type JobState } from '../job-state.ts'
import { readError, readState } from './job-row.ts'
import type { StoreContext } from './store-context.ts'
import { listEvents } from './timeline.ts'

export interface WatchRequest {
  readonly workspaceId: string
  readonly jobId: string
  /** Number of the last event already seen, for a reader that comes back. Default 0: from the beginning. */
  readonly afterSeq?: number
  /** Ends the watching. */
  readonly signal?: AbortSignal
  /** Longest time between two looks, milliseconds. Default 1000. */
  readonly pollMs?: number
}

interface Snapshot {
  readonly state: string
  readonly state_reason: string | null
  readonly claims: number
  readonly failures: number
  readonly redrives: number
  readonly event_seq: number
  readonly error: string | null
}

const look = `SELECT state, state_reason, claims, failures, redrives, event_seq, error FROM jobs
  WHERE job_id = $1 AND workspace_id = $2`

/**
 * Yields the stored events after `afterSeq`, and a `state` event for the state found first and for each one after.
 * Such a state event has the number of the last stored event, so a reader may always come back with the highest
 * number it has seen. Ends when the job is finished, does not exist, or the signal is aborted.
 */
export async function* watchJob(
  context: StoreContext,
  request: WatchRequest,
): AsyncGenerator<JobEvent, void, void> {
  const { workspaceId, jobId, signal, pollMs = 1_000 } = request
  let seq = request.afterSeq ?? 0
  let shown: string | undefined
  const bell = createBell()
  const unsubscribe = context.signals.onChanged(jobId, bell.ring)
  signal?.addEventListener('abort', bell.ring)
  try {
    while (!signal?.aborted) {
      bell.reset()
      const [row] = await context.read.query<Snapshot>(look, [jobId, workspaceId])
      if (!row) return
      while (seq < row.event_seq && !signal?.aborted) {
        const events = await listEvents(context.read, { workspaceId, jobId, afterSeq: seq })
        for (const event of events) {
          seq = event.seq
          yield event
        }
        if (events.length === 0) break
      }
      const state = readState(row.state)
      const mark = `${state} ${row.claims} ${row.failures} ${row.redrives}`
      if (mark !== shown) {
        shown = mark
        yield stateEvent(context.clock.now(), seq, state, row)
      }
      if (isFinished(state)) return
      await bell.wait(pollMs)
    }
  } finally {
    unsubscribe()
    signal?.removeEventListener('abort', bell.ring)
  }
}

function stateEvent(at: number, seq: number, state: JobState, row: Snapshot): JobEvent {
  const error = readError(row.error)
  return {
    seq,
    at,
    type: 'state',
    data: {
      state,
      claims: row.claims,
      failures: row.failures,
      redrives: row.redrives,
      ...(row.state_reason === null ? {} : { reason: row.state_reason }),
      ...(error ? { error } : {}),
    },
  }
}
