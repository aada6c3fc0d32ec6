// The cap on waiting jobs per workspace, checked at intake.
//
// Counting on every enqueue costs with the length of the queue, and a counter row would serialise a workspace's
// enqueues. So this process keeps an upper bound (the last count plus its own enqueues since) and counts again,
// exactly and no further than the limit, when the bound reaches the limit or is a second old. Exact within one
// process; several processes together may overshoot by what the others take in during that second.
import type { SqlRunner } from '@levqor/database'
import type { Clock } from '../job.ts'
import { jobsError } from '../job-error.ts'
import { indexGuards } from '../schema/index-guards.ts'

export interface QueueCap {
  /** Makes room for one more. Throws `queue_full`. */
  take(runner: SqlRunner, workspaceId: string): Promise<void>
}

// One branch per state: together they made PostgreSQL guess that reading the whole table would be cheaper.
const branch = (
  state: string,
) => `SELECT * FROM (SELECT 1 AS one FROM jobs WHERE workspace_id = $1 AND state = '${state}'
  AND ${indexGuards.state} ORDER BY job_id LIMIT $2) AS ${state}_jobs`

/** Exported for the test that looks at the plans. */
export const countWaiting = `SELECT count(*) AS waiting FROM (${['queued', 'scheduled', 'blocked'].map(branch).join(' UNION ALL ')}) AS bounded`

const staleMs = 1_000
const maxWorkspaces = 10_000

export function createQueueCap(limit: number, clock: Clock): QueueCap {
  const bounds = new Map<string, { waiting: number; countedAt: number }>()
  return {
    async take(runner, workspaceId) {
      let bound = bounds.get(workspaceId)
      if (!bound || bound.waiting >= limit || clock.now() - bound.countedAt > staleMs) {
        const [row] = await runner.query<{ waiting: number }>(countWaiting, [workspaceId, limit])
        bound = { waiting: row?.waiting ?? 0, countedAt: clock.now() }
        if (bounds.size >= maxWorkspaces) bounds.clear()
        bounds.set(workspaceId, bound)
      }
      if (bound.waiting >= limit) {
        throw jobsError('queue_full', `The workspace has ${limit} waiting jobs, which is its limit.`, {
          details: { limit },
          retryAfterMs: 5_000,
        })
      }
      bound.waiting += 1
    },
  }
}
