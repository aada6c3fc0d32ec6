// Extends the leases of everything a worker runs, in one statement, and brings back who shall stop.
import { encodeJson } from '@levqor/database'
import { indexGuards } from '../schema/index-guards.ts'
import { oneRow } from './one-row.ts'
import type { StoreContext } from './store-context.ts'

export interface HeartbeatRequest {
  readonly workerId: string
  readonly jobIds: readonly string[]
  readonly leaseMs: number
}

/** A lease that was extended. A job of the request that is missing in the reply, or has another claim, was lost. */
export interface HeldLease {
  readonly jobId: string
  readonly claims: number
  readonly cancelRequested: boolean
}

// PostgreSQL locks (and checks) in the order of ids, as settlements do, so that the two never wait for each other in a circle.
/** Exported for the test that looks at the plans. */
export const heartbeatStatements = {
  sqlite: `UPDATE jobs SET lease_until = $3 WHERE state = 'running' AND ${indexGuards.lease} AND worker = $1
      AND job_id IN (SELECT value FROM json_each($2))
    RETURNING job_id, claims, cancel_requested`,
  postgres: `WITH held AS MATERIALIZED (SELECT job_id FROM jobs
      WHERE state = 'running' AND ${indexGuards.lease} AND worker = $1
        AND job_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb))) ORDER BY job_id FOR UPDATE)
    UPDATE jobs SET lease_until = $3 FROM held
    WHERE jobs.job_id = held.job_id AND ${oneRow('held.job_id')}
    RETURNING jobs.job_id, claims, cancel_requested`,
}

export async function heartbeat(context: StoreContext, request: HeartbeatRequest): Promise<HeldLease[]> {
  if (request.jobIds.length === 0) return []
  const rows = await context.system.transaction((tx) =>
    tx.query<{ job_id: string; claims: number; cancel_requested: number }>(heartbeatStatements[tx.dialect], [
      request.workerId,
      encodeJson(request.jobIds),
      context.clock.now() + request.leaseMs,
    ]),
  )
  return rows.map((row) => ({
    jobId: row.job_id,
    claims: row.claims,
    cancelRequested: row.cancel_requested === 1,
  }))
}
