// Ends a claim: the only way out of `running`. Fenced by the claim number, so that a claim is settled once or never:
// the update finds no row when somebody else has the job, and job_attempts' primary key refuses a second ending.
import { encodeJson } from '@levqor/database'
import type { SystemTransaction } from '@levqor/database/system'
import type { AttemptOutcome, EnqueueSpec, Job } from '../job.ts'
import type { ErrorFacts } from '../job-error.ts'
import { isFinished, type JobState } from '../job-state.ts'
import { insertJob } from './enqueue.ts'
import { type JobRow, jobColumns, readJob } from './job-row.ts'
import type { StoreContext } from './store-context.ts'

export interface Settlement {
  readonly jobId: string
  /** The claim number that was taken. */
  readonly claims: number
  /** A requested cancellation turns anything but `succeeded` into `cancelled`. */
  readonly to: Exclude<JobState, 'running'>
  readonly outcome: AttemptOutcome
  /** With `scheduled`: when it is queued again. */
  readonly runAt?: number
  /** With `scheduled` and `blocked`: why. */
  readonly reason?: string
  readonly result?: unknown
  readonly error?: ErrorFacts
  /** Counts as a failure. */
  readonly failed?: boolean
  /** Counts as a crash. */
  readonly crashed?: boolean
  /** Jobs to enqueue in the same transaction; they are not capped. */
  readonly enqueue?: readonly EnqueueSpec[]
  /** More writes of the same transaction. Database calls only. */
  also?(tx: SystemTransaction): Promise<void>
}

/** Exported for the test that looks at the plans. */
export const settleStatement = `UPDATE jobs SET
    state = CASE WHEN cancel_requested = 1 AND CAST($3 AS TEXT) <> 'succeeded' THEN 'cancelled' ELSE CAST($3 AS TEXT) END,
    finished_at = CASE WHEN cancel_requested = 1 OR $4 = 1 THEN CAST($5 AS BIGINT) ELSE NULL END,
    run_at = COALESCE($6, run_at), state_reason = $7, result = $8,
    error = CASE WHEN CAST($3 AS TEXT) = 'succeeded' THEN NULL ELSE COALESCE($9, error) END,
    failures = failures + $10, crashes = crashes + $11, lease_until = NULL,
    progress = CASE WHEN CAST($3 AS TEXT) = 'succeeded' THEN 100 ELSE progress END
  WHERE job_id = $1 AND state = 'running' AND claims = $2
  RETURNING ${jobColumns}`

const addAttempt = `INSERT INTO job_attempts (job_id, claim, workspace_id, worker, started_at, ended_at, outcome, error, redrive)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`

/**
 * Settles several claims in one transaction.
 * @returns per settlement the job as it stands now, or undefined when the claim was void.
 */
export async function settle(
  context: StoreContext,
  settlements: readonly Settlement[],
): Promise<(Job | undefined)[]> {
  const settled = await context.system.transaction((tx) => settleIn(context, tx, settlements))
  return settled
}

/** Inside a transaction that has already locked the rows. */
export async function settleIn(
  context: StoreContext,
  tx: SystemTransaction,
  settlements: readonly Settlement[],
): Promise<(Job | undefined)[]> {
  const jobs = new Map<Settlement, Job>()
  // In the order of ids, see heartbeat.ts.
  for (const settlement of [...settlements].sort((a, b) => (a.jobId < b.jobId ? -1 : 1))) {
    const job = await settleClaim(context, tx, settlement)
    if (job) jobs.set(settlement, job)
  }
  return settlements.map((settlement) => jobs.get(settlement))
}

async function settleClaim(
  context: StoreContext,
  tx: SystemTransaction,
  settlement: Settlement,
): Promise<Job | undefined> {
  const now = context.clock.now()
  const error = settlement.error ? encodeJson(settlement.error) : null
  const [row] = await tx.query<JobRow>(settleStatement, [
    settlement.jobId,
    settlement.claims,
    settlement.to,
    isFinished(settlement.to) ? 1 : 0,
    now,
    settlement.runAt ?? null,
    settlement.reason ?? null,
    settlement.to === 'succeeded' ? encodeJson(settlement.result) : null,
    error,
    settlement.failed ? 1 : 0,
    settlement.crashed ? 1 : 0,
  ])
  if (!row) return undefined
  const job = readJob(row)
  const outcome = job.state === 'cancelled' ? 'cancelled' : settlement.outcome
  await tx.run(addAttempt, [
    job.id,
    settlement.claims,
    job.workspaceId,
    job.worker ?? '',
    job.claimedAt ?? now,
    now,
    outcome,
    error,
    job.redrives,
  ])
  await settlement.also?.(tx)
  for (const spec of settlement.enqueue ?? []) await insertJob(context, tx, spec)
  await followUp(context, tx, job)
  tx.afterCommit(() => {
    context.signals.changed(job.id)
    if (job.state === 'queued') context.signals.ready()
    if (job.state === 'scheduled') context.signals.ready(job.runAt)
  })
  return job
}

/** What a finished job causes, in the transaction that finished it. */
export async function followUp(context: StoreContext, tx: SystemTransaction, job: Job): Promise<void> {
  if (!isFinished(job.state)) return
  for (const spec of context.followUps(job)) await insertJob(context, tx, { parentId: job.id, ...spec })
}
