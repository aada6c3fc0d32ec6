// Takes the next jobs of some queues for one worker: priority first, then virtual time.
//
// Each statement reads the head of the partial index jobs_claim and nothing else, so its plan cannot change with
// statistics: SQLite is told the index by name; on PostgreSQL the inner select has exactly the index's predicate
// and order, and the outer update finds its rows by primary key through an array, because a join with the inner
// select turned into a hash join over the whole table right after a bulk load.
import type { SqlValue } from '@levqor/database'
import type { Job } from '../job.ts'
import { type JobRow, jobColumns, readJob } from './job-row.ts'
import type { StoreContext } from './store-context.ts'

export interface ClaimRequest {
  readonly workerId: string
  /** In order of preference; each is asked in turn until `limit` jobs are found. */
  readonly queues: readonly string[]
  readonly limit: number
  readonly leaseMs: number
}

const take = `state = 'running', state_reason = NULL, claims = claims + 1, worker = $3, claimed_at = $4, lease_until = $5,
  started_at = COALESCE(started_at, $4)`

/** Exported for the test that looks at the plans. */
export const claimStatements = {
  sqlite: `UPDATE jobs SET ${take} WHERE rowid IN (SELECT rowid FROM jobs INDEXED BY jobs_claim
      WHERE state = 'queued' AND queue = $1 ORDER BY priority, virtual_time, job_id LIMIT $2)
    RETURNING virtual_time, ${jobColumns}`,
  postgres: `UPDATE jobs SET ${take} WHERE job_id = ANY (ARRAY(SELECT job_id FROM jobs
      WHERE state = 'queued' AND queue = $1 ORDER BY priority, virtual_time, job_id LIMIT $2
      FOR UPDATE SKIP LOCKED))
    RETURNING virtual_time, ${jobColumns}`,
}

interface ClaimRow extends JobRow {
  readonly virtual_time: number
}

export async function claim(context: StoreContext, request: ClaimRequest): Promise<Job[]> {
  const now = context.clock.now()
  const statement = claimStatements[context.read.dialect]
  const jobs = await context.system.transaction(async (tx) => {
    const found: ClaimRow[] = []
    for (const queue of request.queues) {
      const left = request.limit - found.length
      if (left <= 0) break
      const params: SqlValue[] = [queue, left, request.workerId, now, now + request.leaseMs]
      const rows = await tx.query<ClaimRow>(statement, params)
      // RETURNING promises no order.
      found.push(...rows.sort(inClaimOrder))
    }
    return found.map(readJob)
  })
  for (const job of jobs) context.signals.changed(job.id)
  return jobs
}

function inClaimOrder(a: ClaimRow, b: ClaimRow): number {
  return a.priority - b.priority || a.virtual_time - b.virtual_time || (a.job_id < b.job_id ? -1 : 1)
}
