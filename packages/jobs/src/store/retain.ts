// Deletes what is finished and old, in small bites so that nobody waits behind it.
import { type DialectName, encodeJson } from '@levqor/database'
import type { StoreContext } from './store-context.ts'

export interface Retention {
  /** Succeeded and cancelled jobs. Default 30. */
  readonly finishedDays: number
  /** Dead jobs. Default 90. */
  readonly deadDays: number
}

export const defaultRetention: Retention = { finishedDays: 30, deadDays: 90 }

const dayMs = 86_400_000

// Two selects, each in the order of jobs_finished: one with both rules would walk over all dead jobs every time.
const old = (dialect: DialectName, states: string) => `SELECT job_id FROM jobs
  WHERE finished_at IS NOT NULL AND finished_at < $1 AND state IN (${states})
  ORDER BY finished_at LIMIT $2 ${dialect === 'postgres' ? 'FOR UPDATE SKIP LOCKED' : ''}`

const ids = {
  sqlite: 'IN (SELECT value FROM json_each($1))',
  postgres: '= ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))',
}

const tables = ['job_events', 'job_steps', 'job_attempts', 'jobs'] as const

/**
 * Deletes at most `limit` jobs with everything that belongs to them, and forgets workers unseen for a day.
 * @returns how many jobs; call again while it equals the limit.
 */
export async function retain(
  context: StoreContext,
  retention: Retention = defaultRetention,
  limit = 200,
): Promise<number> {
  const now = context.clock.now()
  return context.system.transaction(async (tx) => {
    await tx.run('DELETE FROM job_workers WHERE seen_at < $1', [now - dayMs])
    const select = (states: string, days: number, most: number) =>
      tx.query<{ job_id: string }>(old(tx.dialect, states), [now - days * dayMs, most])
    const rows = await select(`'succeeded', 'cancelled'`, retention.finishedDays, limit)
    if (rows.length < limit) rows.push(...(await select(`'dead'`, retention.deadDays, limit - rows.length)))
    if (rows.length === 0) return 0
    const list = encodeJson(rows.map((row) => row.job_id))
    for (const table of tables) await tx.run(`DELETE FROM ${table} WHERE job_id ${ids[tx.dialect]}`, [list])
    return rows.length
  })
}
