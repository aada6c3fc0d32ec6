// Takes the next jobs of some queues for one worker: priority first, then virtual time.
//
// The statement reads the head of the partial index jobs_claim and nothing else, whatever the statistics say. SQLite
// is told the index by name. PostgreSQL keeps plans, so each half has one way only: the inner select by the guard of
// its index (index-guards.ts), the outer update by primary key, because `oneRow` makes the planner expect one row.
// Measured alternatives: `job_id = ANY (ARRAY(…))` and a plain join read the whole table when planned while it was
// small, or when statistics made a tenth of the queue look like the usual limit.
import type { SqlValue } from '@levqor/database'
import type { Job } from '../job.ts'
import { indexGuards } from '../schema/index-guards.ts'
import { type JobRow, jobColumns, readJob } from './job-row.ts'
import { oneRow } from './one-row.ts'
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
      WHERE state = 'queued' AND ${indexGuards.claim} AND queue = $1
      ORDER BY priority, virtual_time, job_id LIMIT $2)
    RETURNING virtual_time, ${jobColumns}`,
  postgres: `WITH head AS MATERIALIZED (SELECT job_id FROM jobs
      WHERE state = 'queued' AND ${indexGuards.claim} AND queue = $1
      ORDER BY priority, virtual_time, job_id LIMIT $2 FOR UPDATE SKIP LOCKED)
    UPDATE jobs SET ${take} FROM head WHERE jobs.job_id = head.job_id AND ${oneRow('head.job_id')}
    RETURNING virtual_time, ${jobColumns.replace('job_id', 'jobs.job_id')}`,
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
