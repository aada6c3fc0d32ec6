// Puts a job into the store, inside the caller's transaction: one statement, a second one only on a replay.
import { encodeJson, type SqlRunner } from '@levqor/database'
import { asSystemTransaction, type SystemTransaction } from '@levqor/database/system'
import type { EnqueueResult, EnqueueSpec } from '../job.ts'
import { jobsError } from '../job-error.ts'
import { defaultRetryDelaysMs } from '../retry-policy.ts'
import { checkSpec } from './check-spec.ts'
import { priorityRank } from './job-row.ts'
import type { JobsTransaction, StoreContext } from './store-context.ts'
import { nextVirtualTime } from './virtual-time.ts'

const insert = (
  dialect: 'sqlite' | 'postgres',
) => `INSERT INTO jobs (job_id, workspace_id, queue, kind, state, initial_state,
    state_reason, priority, run_at, payload, idempotency_key, body_digest, callback_url, workflow_id,
    workflow_version_id, workflow_name, parent_id, request_id, timeout_ms, max_failures, retry_delays_ms, created_at,
    virtual_time)
  VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
    ${nextVirtualTime(dialect, { workspaceId: '$2', queue: '$3', priority: '$7', now: '$21', tag: '$22', place: '$23' })})
  ON CONFLICT (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
  RETURNING virtual_time`

/** Exported for the test that looks at the plans. */
export const enqueueStatements = { sqlite: insert('sqlite'), postgres: insert('postgres') }

const first = `SELECT job_id, initial_state, body_digest FROM jobs WHERE workspace_id = $1 AND idempotency_key = $2`

/**
 * @throws JobsError `idempotency_conflict`, `queue_full`, `bad_job`
 */
export async function enqueue(
  context: StoreContext,
  transaction: JobsTransaction,
  spec: EnqueueSpec,
): Promise<EnqueueResult> {
  checkSpec(spec)
  if ('workspaceId' in transaction && transaction.workspaceId !== spec.workspaceId) {
    throw jobsError('bad_job', 'The job belongs to another workspace than the transaction.', {
      details: { field: 'workspaceId' },
    })
  }
  const tx = asSystemTransaction(transaction)
  try {
    await context.cap.take(tx, spec.workspaceId)
  } catch (full) {
    if (!isQueueFull(full)) throw full
    // A replay needs no room.
    const earlier =
      spec.idempotency && (await findEnqueued(tx, { workspaceId: spec.workspaceId, ...spec.idempotency }))
    if (earlier) return earlier
    throw full
  }
  return insertJob(context, tx, spec)
}

/** Without the cap: what a settlement causes must never make the settlement fail. */
export async function insertJob(
  context: StoreContext,
  tx: SystemTransaction,
  spec: EnqueueSpec,
): Promise<EnqueueResult> {
  const now = context.clock.now()
  const jobId = context.ids.next()
  const queue = spec.queue ?? 'default'
  const rank = priorityRank(spec.priority ?? 'normal')
  const status = spec.runAt !== undefined && spec.runAt > now ? 'scheduled' : 'queued'
  const delays = spec.retryDelaysMs
  const place = context.recentTags.reserve(`${spec.workspaceId}/${queue}/${rank}`, now)
  const rows = await tx
    .query<{ virtual_time: number }>(enqueueStatements[tx.dialect], [
      jobId,
      spec.workspaceId,
      queue,
      spec.kind,
      status,
      status === 'scheduled' ? 'delay' : null,
      rank,
      spec.runAt ?? now,
      encodeJson(spec.payload),
      spec.idempotency?.key ?? null,
      spec.idempotency?.bodyDigest ?? null,
      spec.callbackUrl ?? null,
      spec.workflow?.id ?? null,
      spec.workflow?.versionId ?? null,
      spec.workflow?.name ?? null,
      spec.parentId ?? null,
      spec.requestId ?? null,
      spec.timeoutMs ?? null,
      spec.maxFailures ?? (delays ?? defaultRetryDelaysMs).length + 1,
      delays ? encodeJson(delays) : null,
      now,
      place.tag,
      place.place,
    ])
    .finally(() => place.release())
  const [row] = rows
  if (!row) {
    const earlier =
      spec.idempotency && (await findEnqueued(tx, { workspaceId: spec.workspaceId, ...spec.idempotency }))
    if (earlier) return earlier
    throw new Error('An insert was refused for an idempotency key that no job has.')
  }
  if (status === 'queued') place.given(row.virtual_time)
  tx.afterCommit(() => context.signals.ready(status === 'scheduled' ? spec.runAt : undefined))
  return { jobId, status, replayed: false }
}

/**
 * The answer that an earlier enqueue with this key got, so that a caller can skip everything before a replay.
 * @throws JobsError `idempotency_conflict` when the key was used with another body
 */
export async function findEnqueued(
  read: SqlRunner,
  { workspaceId, key, bodyDigest }: { workspaceId: string; key: string; bodyDigest: string },
): Promise<EnqueueResult | undefined> {
  const [row] = await read.query<{ job_id: string; initial_state: string; body_digest: string }>(first, [
    workspaceId,
    key,
  ])
  if (!row) return undefined
  if (row.body_digest !== bodyDigest) {
    throw jobsError('idempotency_conflict', 'This idempotency key was used before with another body.', {
      details: { jobId: row.job_id },
    })
  }
  return {
    jobId: row.job_id,
    status: row.initial_state === 'scheduled' ? 'scheduled' : 'queued',
    replayed: true,
  }
}

function isQueueFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'queue_full'
}
