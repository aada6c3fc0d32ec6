// Brings dead and cancelled jobs back: the same job, so that its address, history and finished steps stay.
import type { SqlRunner } from '@levqor/database'
import { asSystemTransaction, type SystemTransaction } from '@levqor/database/system'
import type { ErrorFacts } from '../job-error.ts'
import { addEvents } from './add-events.ts'
import type { JobAddress } from './cancel.ts'
import { type JobFilter, whereOf } from './job-filter.ts'
import { readError, readState } from './job-row.ts'
import type { JobsTransaction, StoreContext } from './store-context.ts'
import { nextVirtualTime } from './virtual-time.ts'

export interface RedriveOptions {
  /** How many of them are queued per second; the rest is scheduled. Default 50. */
  readonly perSecond?: number
  /** At most so many, oldest first. Default and maximum 1000. */
  readonly limit?: number
  /** Who asked, for the jobs' own logs. */
  readonly by?: string
}

export interface RedrivePreview {
  readonly count: number
  readonly workflows: readonly {
    readonly workflowId: string | undefined
    readonly name: string
    readonly count: number
  }[]
  readonly oldestFinishedAt: number | undefined
  readonly newestFinishedAt: number | undefined
  /** What the matching jobs have cost so far: the first guess of what another run costs. */
  readonly costMicros: number
}

interface DeadRow {
  readonly job_id: string
  readonly workspace_id: string
  readonly state: string
  readonly error: string | null
}

const again = (
  dialect: 'sqlite' | 'postgres',
) => `UPDATE jobs SET state = CAST($2 AS TEXT), state_reason = $3, run_at = $4,
    failures = 0, crashes = 0, redrives = redrives + 1, cancel_requested = 0, finished_at = NULL, result = NULL,
    error = NULL, progress = NULL, event_seq = event_seq + 1,
    virtual_time = ${nextVirtualTime(dialect, {
      workspaceId: 'jobs.workspace_id',
      queue: 'jobs.queue',
      priority: 'jobs.priority',
      now: '$5',
      tag: '0',
      place: '1',
    })}
  WHERE job_id = $1 AND state IN ('dead', 'cancelled')
  RETURNING event_seq, redrives`

const statements = { sqlite: again('sqlite'), postgres: again('postgres') }

const one = `SELECT job_id, workspace_id, state, error FROM jobs WHERE job_id = $1 AND workspace_id = $2`

/** `not_dead`: the job is in another state; nothing changed. */
export type RedriveResult = 'redriven' | 'not_dead' | 'not_found'

export async function redrive(
  context: StoreContext,
  transaction: JobsTransaction,
  { workspaceId, jobId }: JobAddress,
  options: Pick<RedriveOptions, 'by'> = {},
): Promise<RedriveResult> {
  const tx = asSystemTransaction(transaction)
  const [row] = await tx.query<DeadRow>(one, [jobId, workspaceId])
  if (!row) return 'not_found'
  return (await bringBack(context, tx, row, context.clock.now(), options.by)) ? 'redriven' : 'not_dead'
}

/** Dead jobs only: cancelled ones were ended on purpose and come back one by one. */
export async function redriveMany(
  context: StoreContext,
  transaction: JobsTransaction,
  filter: JobFilter,
  options: RedriveOptions = {},
): Promise<readonly string[]> {
  const tx = asSystemTransaction(transaction)
  const { conditions, params } = whereOf({ ...filter, states: ['dead'] }, tx.dialect)
  const limit = Math.min(options.limit ?? 1_000, 1_000)
  const rows = await tx.query<DeadRow>(
    `SELECT job_id, workspace_id, state, error FROM jobs WHERE ${conditions.join(' AND ')}
     ORDER BY job_id LIMIT $${params.length + 1} ${tx.dialect === 'postgres' ? 'FOR UPDATE SKIP LOCKED' : ''}`,
    [...params, limit],
  )
  const perSecond = Math.max(1, options.perSecond ?? 50)
  const now = context.clock.now()
  const redriven: string[] = []
  for (const row of rows) {
    const runAt = now + Math.floor(redriven.length / perSecond) * 1_000
    if (await bringBack(context, tx, row, runAt, options.by)) redriven.push(row.job_id)
  }
  return redriven
}

async function bringBack(
  context: StoreContext,
  tx: SystemTransaction,
  row: DeadRow,
  runAt: number,
  by: string | undefined,
): Promise<boolean> {
  const now = context.clock.now()
  const state = runAt > now ? 'scheduled' : 'queued'
  const [moved] = await tx.query<{ event_seq: number; redrives: number }>(statements[tx.dialect], [
    row.job_id,
    state,
    state === 'scheduled' ? 'redrive' : null,
    runAt,
    now,
  ])
  if (!moved) return false
  const error: ErrorFacts | undefined = readError(row.error)
  const data = {
    state,
    reason: `redriven_from_${readState(row.state)}`,
    redrives: moved.redrives,
    ...(error ? { error } : {}),
    ...(by ? { by } : {}),
  } as const
  await addEvents(tx, { id: row.job_id, workspaceId: row.workspace_id }, moved.event_seq, [
    { type: 'state', at: now, data },
  ])
  tx.afterCommit(() => {
    context.signals.changed(row.job_id)
    context.signals.ready(state === 'scheduled' ? runAt : undefined)
  })
  return true
}

/** What `redriveMany` with the same filter would bring back (without its limit). */
export async function previewRedrive(read: SqlRunner, filter: JobFilter): Promise<RedrivePreview> {
  const { conditions, params } = whereOf({ ...filter, states: ['dead'] }, read.dialect)
  const rows = await read.query<{
    workflow_id: string | null
    name: string
    found: number
    oldest: number
    newest: number
    cost: number
  }>(
    `SELECT workflow_id, COALESCE(workflow_name, kind) AS name, count(*) AS found, min(finished_at) AS oldest,
       max(finished_at) AS newest, sum(cost_micros) AS cost
     FROM jobs WHERE ${conditions.join(' AND ')} GROUP BY workflow_id, COALESCE(workflow_name, kind)
     ORDER BY found DESC, name`,
    params,
  )
  const times = (pick: (row: (typeof rows)[number]) => number) => rows.map(pick)
  return {
    count: rows.reduce((sum, row) => sum + row.found, 0),
    workflows: rows.map((row) => ({
      workflowId: row.workflow_id ?? undefined,
      name: row.name,
      count: row.found,
    })),
    oldestFinishedAt: rows.length > 0 ? Math.min(...times((row) => row.oldest)) : undefined,
    newestFinishedAt: rows.length > 0 ? Math.max(...times((row) => row.newest)) : undefined,
    costMicros: rows.reduce((sum, row) => sum + row.cost, 0),
  }
}
