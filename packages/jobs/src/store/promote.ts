// Moves due jobs from `scheduled` to `queued` and gives them their place in the fair order now: a place taken when
// they were scheduled would let a workspace that schedules a thousand jobs for one moment pass everybody.
import type { DialectName } from '@levqor/database'
import { oneRow } from './one-row.ts'
import type { StoreContext } from './store-context.ts'
import { nextVirtualTime } from './virtual-time.ts'

const promoteDue = (dialect: DialectName) => {
  const stamp = nextVirtualTime(dialect, {
    workspaceId: 'due.workspace_id',
    queue: 'due.queue',
    priority: 'due.priority',
    now: '$1',
    tag: '0',
    place: '1',
  })
  const hint = dialect === 'sqlite' ? 'INDEXED BY jobs_due' : ''
  const lock = dialect === 'sqlite' ? '' : 'FOR UPDATE SKIP LOCKED'
  return `WITH locked AS MATERIALIZED (SELECT job_id, workspace_id, queue, priority, run_at FROM jobs ${hint}
      WHERE state = 'scheduled' AND run_at <= $1 ORDER BY run_at, job_id LIMIT $2 ${lock}),
    due AS MATERIALIZED (SELECT job_id, workspace_id, queue, priority, ROW_NUMBER() OVER
      (PARTITION BY workspace_id, queue, priority ORDER BY run_at, job_id) AS place FROM locked),
    stamped AS MATERIALIZED (SELECT job_id, ${stamp} + (place - 1) * 1000 AS virtual_time FROM due)
    UPDATE jobs SET state = 'queued', state_reason = NULL, virtual_time = stamped.virtual_time FROM stamped
    WHERE jobs.job_id = stamped.job_id AND ${oneRow('stamped.job_id')}
    RETURNING jobs.job_id`
}

/** Exported for the test that looks at the plans. */
export const promoteStatements = { sqlite: promoteDue('sqlite'), postgres: promoteDue('postgres') }

/** @returns how many were queued; call again while it equals the limit. */
export async function promote(context: StoreContext, limit: number): Promise<number> {
  const rows = await context.system.transaction((tx) =>
    tx.query<{ job_id: string }>(promoteStatements[tx.dialect], [context.clock.now(), limit]),
  )
  for (const row of rows) context.signals.changed(row.job_id)
  if (rows.length > 0) context.signals.ready()
  return rows.length
}
