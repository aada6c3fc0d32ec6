// Which processes run jobs, and which of them are gone.
import { decodeJson, encodeJson } from '@levqor/database'
import { isProvablyDead, type ProcessIdentity } from '../runner/process-identity.ts'
import { reapWorkers } from './reap.ts'
import type { StoreContext } from './store-context.ts'

export interface WorkerRow {
  readonly workerId: string
  readonly process: ProcessIdentity
  readonly queues: readonly string[]
  readonly concurrency: number
}

export interface WorkerInfo extends WorkerRow {
  readonly startedAt: number
  readonly seenAt: number
}

const see = `INSERT INTO job_workers (worker_id, process, queues, concurrency, started_at, seen_at)
  VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (worker_id) DO UPDATE SET seen_at = excluded.seen_at`

/** Registers a worker, or says that it is still there. */
export async function seeWorker(context: StoreContext, worker: WorkerRow): Promise<void> {
  await context.system.transaction((tx) =>
    tx.run(see, [
      worker.workerId,
      encodeJson(worker.process),
      encodeJson(worker.queues),
      worker.concurrency,
      context.clock.now(),
    ]),
  )
}

export async function forgetWorker(context: StoreContext, workerId: string): Promise<void> {
  await context.system.transaction((tx) => tx.run('DELETE FROM job_workers WHERE worker_id = $1', [workerId]))
}

export async function listWorkers(context: StoreContext): Promise<WorkerInfo[]> {
  const rows = await context.read.query<{
    worker_id: string
    process: string
    queues: string
    concurrency: number
    started_at: number
    seen_at: number
  }>(
    'SELECT worker_id, process, queues, concurrency, started_at, seen_at FROM job_workers ORDER BY worker_id',
  )
  return rows.map((row) => ({
    workerId: row.worker_id,
    process: decodeJson<ProcessIdentity>(row.process),
    queues: decodeJson<string[]>(row.queues),
    concurrency: row.concurrency,
    startedAt: row.started_at,
    seenAt: row.seen_at,
  }))
}

/**
 * Takes the jobs of workers whose process provably ended on this machine, without waiting for their leases, and
 * forgets those workers. A worker elsewhere, or one that cannot be judged, keeps its leases until they end.
 * @returns how many jobs were given back.
 */
export async function voidDeadWorkers(context: StoreContext, self: ProcessIdentity): Promise<number> {
  const workers = await listWorkers(context)
  const dead = workers
    .filter((worker) => isProvablyDead(worker.process, self, context.read.dialect === 'sqlite'))
    .map((worker) => worker.workerId)
  if (dead.length === 0) return 0
  let given = 0
  for (;;) {
    const jobs = await reapWorkers(context, dead)
    given += jobs.length
    if (jobs.length === 0) break
  }
  for (const workerId of dead) await forgetWorker(context, workerId)
  return given
}
