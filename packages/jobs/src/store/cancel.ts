// Stops a job: at once when it waits, by request when it runs.
import { asSystemTransaction } from '@levqor/database/system'
import { addEvents } from './add-events.ts'
import { type JobRow, jobColumns, readJob } from './job-row.ts'
import { followUp } from './settle.ts'
import type { JobsTransaction, StoreContext } from './store-context.ts'

export interface JobAddress {
  readonly workspaceId: string
  readonly jobId: string
}

/** `requested`: it runs, and its worker was told. `finished`: too late, nothing changed. */
export type CancelResult = 'cancelled' | 'requested' | 'finished' | 'not_found'

const stop = `UPDATE jobs SET cancel_requested = 1, event_seq = event_seq + 1,
    state = CASE WHEN state = 'running' THEN 'running' ELSE 'cancelled' END,
    state_reason = CASE WHEN state = 'running' THEN state_reason ELSE NULL END,
    finished_at = CASE WHEN state = 'running' THEN NULL ELSE CAST($3 AS BIGINT) END
  WHERE job_id = $1 AND workspace_id = $2 AND state IN ('queued', 'scheduled', 'blocked', 'running') AND cancel_requested = 0
  RETURNING ${jobColumns}`

const look = `SELECT state FROM jobs WHERE job_id = $1 AND workspace_id = $2`

/** @param by who asked, for the job's own log. */
export async function cancel(
  context: StoreContext,
  transaction: JobsTransaction,
  { workspaceId, jobId }: JobAddress,
  by?: string,
): Promise<CancelResult> {
  const tx = asSystemTransaction(transaction)
  const now = context.clock.now()
  const [row] = await tx.query<JobRow>(stop, [jobId, workspaceId, now])
  if (!row) {
    const [found] = await tx.query<{ state: string }>(look, [jobId, workspaceId])
    if (!found) return 'not_found'
    return found.state === 'running' ? 'requested' : 'finished'
  }
  const job = readJob(row)
  const data = { state: job.state, reason: 'cancel_requested', ...(by ? { by } : {}) }
  await addEvents(tx, job, row.event_seq, [{ type: 'state', at: now, data }])
  await followUp(context, tx, job)
  tx.afterCommit(() => {
    if (job.state === 'running') context.signals.cancel(jobId)
    context.signals.changed(jobId)
  })
  return job.state === 'running' ? 'requested' : 'cancelled'
}
