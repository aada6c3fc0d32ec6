// Takes jobs away from workers that no longer answer: leases that ended, and workers that are provably dead.
import { type DialectName, encodeJson } from '@levqor/database'
import type { SystemTransaction } from '@levqor/database/system'
import type { Job } from '../job.ts'
import { indexGuards } from '../schema/index-guards.ts'
import { type Settlement, settleIn } from './settle.ts'
import type { StoreContext } from './store-context.ts'

/** A job that took three workers down without finishing a step in between is not given a fourth. */
export const poisonCrashes = 3

interface LostRow {
  readonly job_id: string
  readonly claims: number
  readonly crashes: number
  readonly worker: string
}

const lost = (dialect: DialectName, condition: string) => `SELECT job_id, claims, crashes, worker FROM jobs
  WHERE state = 'running' AND ${indexGuards.lease} AND ${condition} ORDER BY lease_until, job_id LIMIT 100
  ${dialect === 'postgres' ? 'FOR UPDATE SKIP LOCKED' : ''}`

const expired = 'lease_until < $1'
const ofWorkers = {
  sqlite: 'worker IN (SELECT value FROM json_each($1))',
  postgres: 'worker = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))',
}

/** Jobs whose lease has ended go back to the queue, keep their place, and count a crash. At most 100 per call. */
export async function reapExpired(context: StoreContext): Promise<Job[]> {
  const now = context.clock.now()
  return context.system.transaction(async (tx) => {
    const rows = await tx.query<LostRow>(lost(tx.dialect, expired), [now])
    return giveBack(context, tx, rows, (row) => ({
      code: 'lease_expired',
      message: `The worker ${row.worker} stopped answering.`,
    }))
  })
}

/** The same for workers whose process is known to have ended, without waiting for their leases. */
export async function reapWorkers(context: StoreContext, workerIds: readonly string[]): Promise<Job[]> {
  if (workerIds.length === 0) return []
  return context.system.transaction(async (tx) => {
    const rows = await tx.query<LostRow>(lost(tx.dialect, ofWorkers[tx.dialect]), [encodeJson(workerIds)])
    return giveBack(context, tx, rows, (row) => ({
      code: 'worker_died',
      message: `The process of the worker ${row.worker} ended.`,
    }))
  })
}

async function giveBack(
  context: StoreContext,
  tx: SystemTransaction,
  rows: readonly LostRow[],
  why: (row: LostRow) => { code: string; message: string },
): Promise<Job[]> {
  const settlements = rows.map((row): Settlement => {
    const poison = row.crashes + 1 >= poisonCrashes
    const error = why(row)
    return {
      jobId: row.job_id,
      claims: row.claims,
      to: poison ? 'dead' : 'queued',
      outcome: 'crashed',
      crashed: true,
      error: poison
        ? { code: 'poison', message: `The job took ${poisonCrashes} workers down. ${error.message}` }
        : error,
    }
  })
  const jobs = await settleIn(context, tx, settlements)
  return jobs.filter((job) => job !== undefined)
}
