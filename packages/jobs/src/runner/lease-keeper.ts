// Keeps what a runner holds: extends leases in one statement, stops jobs that were lost or cancelled, tells others
// that this worker is alive, and takes over from workers that are dead.
import type { JobStore } from '../store/job-store.ts'
import { defaultRetention, type Retention } from '../store/retain.ts'
import type { WorkerRow } from '../store/workers.ts'
import type { RunningJob } from './run-job.ts'
import type { RunnerLog } from './runner-log.ts'

export interface LeaseKeeper {
  start(): void
  /** Beats now. Never throws. */
  beat(): Promise<void>
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>
}

export interface LeaseKeeperOptions {
  readonly store: JobStore
  readonly worker: WorkerRow
  /** Running jobs by id. */
  readonly active: ReadonlyMap<string, RunningJob>
  readonly leaseMs: number
  readonly heartbeatMs: number
  readonly retention: Retention | false | undefined
  readonly log: RunnerLog
}

const retentionEveryMs = 600_000

export function createLeaseKeeper(options: LeaseKeeperOptions): LeaseKeeper {
  const { store, worker, active, leaseMs, log } = options
  const heldUntil = new WeakMap<RunningJob, number>()
  let timer: NodeJS.Timeout | undefined
  let beating: Promise<void> | undefined
  let running = false
  let failing = false
  let cleanedAt = store.clock.now()

  function schedule(): void {
    if (running) timer = setTimeout(() => void beat().then(schedule), options.heartbeatMs)
  }

  function beat(): Promise<void> {
    beating ??= beatOnce()
      .then(() => {
        if (failing) log.info({ workerId: worker.workerId }, 'heartbeats reach the database again')
        failing = false
      })
      .catch((error: unknown) => {
        if (!failing) log.warn({ workerId: worker.workerId, err: error }, 'heartbeat failed')
        failing = true
        stopExpired()
      })
      .finally(() => {
        beating = undefined
      })
    return beating
  }

  async function beatOnce(): Promise<void> {
    const startedAt = store.clock.now()
    const jobs = [...active.values()]
    const held = await store.heartbeat({
      workerId: worker.workerId,
      jobIds: jobs.map((running) => running.job.id),
      leaseMs,
    })
    const replies = new Map(held.map((lease) => [lease.jobId, lease]))
    for (const running of jobs) {
      const reply = replies.get(running.job.id)
      // A job that ended meanwhile is missing too; stopping it does nothing.
      if (!reply || reply.claims !== running.job.claims) running.stop('lease_lost')
      else {
        heldUntil.set(running, startedAt + leaseMs)
        if (reply.cancelRequested) running.stop('cancelled')
      }
    }
    await store.seeWorker(worker)
    const taken = await store.voidDeadWorkers()
    if (taken > 0) log.warn({ workerId: worker.workerId, jobs: taken }, 'took over jobs of a dead worker')
    await clean()
  }

  // Without an answer from the database, a lease that has run out may be somebody else's by now.
  function stopExpired(): void {
    const now = store.clock.now()
    for (const running of active.values()) {
      const until = heldUntil.get(running) ?? running.job.leaseUntil ?? 0
      if (now >= until) running.stop('lease_lost')
    }
  }

  async function clean(): Promise<void> {
    const now = store.clock.now()
    if (options.retention === false || now - cleanedAt < retentionEveryMs) return
    cleanedAt = now
    const limit = 200
    let deleted = limit
    while (running && deleted === limit)
      deleted = await store.retain(options.retention ?? defaultRetention, limit)
  }

  return {
    start() {
      running = true
      schedule()
    },
    beat,
    async stop() {
      running = false
      clearTimeout(timer)
      await beating
    },
  }
}
