// The in-process dispatcher: claims what is ready, runs it, keeps the leases, settles, and sleeps when there is nothing.
import { isTransientDatabaseError } from '@levqor/database'
import { createBell } from '../bell.ts'
import type { Job } from '../job.ts'
import type { JobStore } from '../store/job-store.ts'
import type { Retention } from '../store/retain.ts'
import type { Task } from '../task.ts'
import { createLeaseKeeper } from './lease-keeper.ts'
import { ownProcess } from './process-identity.ts'
import { type RunningJob, runJob } from './run-job.ts'
import { type RunnerLog, silentLog } from './runner-log.ts'
import { createSettleQueue } from './settle-queue.ts'

export interface RunnerOptions {
  readonly store: JobStore
  readonly tasks: readonly Task[]
  /** Default `['default']`. Earlier queues are asked first. */
  readonly queues?: readonly string[]
  /** Jobs at a time. Default 10. */
  readonly concurrency?: number
  /** Default 30,000. */
  readonly leaseMs?: number
  /** Default a third of the lease. */
  readonly heartbeatMs?: number
  /** Longest time between two looks at the store, milliseconds. Default 1000. */
  readonly pollMs?: number
  /** Longest run where neither the job nor its task says. Default 15 minutes. */
  readonly defaultTimeoutMs?: number
  /** How long a task may take to end after its signal was aborted. Default 5000. */
  readonly abortGraceMs?: number
  /** Unique per runner. Default made of host, process and chance. */
  readonly workerId?: string
  /** Deletes old finished jobs now and then. Default 30 and 90 days; false where another process does it. */
  readonly retention?: Retention | false
  readonly random?: () => number
  readonly log?: RunnerLog
}

export interface StopOptions {
  /** How long running jobs may go on before they are handed back without a failure. Default 10,000. */
  readonly handBackAfterMs?: number
}

export interface Runner {
  readonly workerId: string
  /** Voids the leases of dead predecessors and begins. Does not wait for a database that is away. */
  start(): void
  /** Claims nothing more, lets jobs end or hands them back. No timer is left when it resolves. */
  stop(options?: StopOptions): Promise<void>
  /** Looks at the store now. */
  wake(): void
  /** Number of jobs held now: running or on the way to their settlement. */
  readonly running: number
}

const longestBackoffMs = 5_000
const promoteLimit = 200

/**
 * @example
 * const runner = createRunner({ store, tasks: [greet], concurrency: 10 })
 * runner.start()
 * // …
 * await runner.stop({ handBackAfterMs: 5_000 })
 */
export function createRunner(options: RunnerOptions): Runner {
  const { store, queues = ['default'], concurrency = 10, leaseMs = 30_000, pollMs = 1_000 } = options
  const log = options.log ?? silentLog
  const random = options.random ?? Math.random
  const identity = ownProcess()
  const workerId = options.workerId ?? `${identity.host}/${identity.pid}/${crypto.randomUUID().slice(0, 8)}`
  const runOptions = {
    store,
    tasks: new Map(options.tasks.map((task) => [task.id, task])),
    random,
    defaultTimeoutMs: options.defaultTimeoutMs ?? 900_000,
    abortGraceMs: options.abortGraceMs ?? 5_000,
  }
  // Held by this worker: running, or run and on the way to its settlement. A job's slot is free as soon as it has
  // run, so that on SQLite the next claim shares a commit with the settlement instead of waiting for it; what waits for its
  // settlement is bounded by a second set of slots.
  const active = new Map<string, RunningJob>()
  let busy = 0
  const settling = createSettleQueue(store, 2, log)
  const keeper = createLeaseKeeper({
    store,
    worker: { workerId, process: identity, queues, concurrency },
    active,
    leaseMs,
    heartbeatMs: options.heartbeatMs ?? Math.max(1, Math.floor(leaseMs / 3)),
    retention: options.retention,
    log,
  })

  const work = createBell()
  const slotFreed = createBell()
  const backoff = createBell()
  let stopping = false
  let loop: Promise<void> | undefined
  let stopListening: (() => void) | undefined
  // There may be something to claim: a signal came, or the last claim filled every free slot.
  let hungry = true
  let nextPollAt = 0

  function wake(): void {
    nextPollAt = 0
    work.ring()
  }

  function onReady(at: number | undefined): void {
    const waitMs = at === undefined ? 0 : at - store.clock.now()
    if (waitMs <= 0) hungry = true
    nextPollAt = Math.min(nextPollAt, performance.now() + Math.max(0, waitMs))
    if (waitMs < pollMs) work.ring()
  }

  async function run(): Promise<void> {
    let failures = 0
    while (!stopping) {
      // Slots that are freed together are filled by one claim.
      await nextTurn()
      work.reset()
      try {
        if (performance.now() >= nextPollAt) await pollOnce()
        await claimFree()
        if (failures > 0) log.info({ workerId }, 'jobs are claimed again')
        failures = 0
      } catch (error) {
        failures += 1
        const level = isTransientDatabaseError(error) ? 'warn' : 'error'
        if (failures === 1 || level === 'error') log[level]({ workerId, err: error }, 'cannot claim jobs')
        await backoff.wait(backoffMs(failures, random))
        nextPollAt = 0
        continue
      }
      await work.wait(Math.max(0, nextPollAt - performance.now()))
    }
  }

  async function pollOnce(): Promise<void> {
    // Signals that come while the store is asked may only bring the next look forward.
    nextPollAt = Number.POSITIVE_INFINITY
    const waitMs = await poll()
    nextPollAt = Math.min(nextPollAt, performance.now() + waitMs)
  }

  /** @returns milliseconds until the next look is worth its while. */
  async function poll(): Promise<number> {
    const outlook = await store.peek(queues)
    const now = store.clock.now()
    if (outlook.ready) hungry = true
    if (outlook.cancelling && active.size > 0) void keeper.beat()
    if (outlook.nextLeaseEndsAt !== undefined && outlook.nextLeaseEndsAt < now) {
      const jobs = await store.reap()
      if (jobs.length > 0) log.warn({ workerId, jobs: jobs.length }, 'took back jobs whose lease had ended')
    }
    if (outlook.nextDueAt === undefined) return pollMs
    if (outlook.nextDueAt > now) return Math.min(pollMs, outlook.nextDueAt - now)
    return (await store.promote(promoteLimit)) > 0 ? 0 : pollMs
  }

  async function claimFree(): Promise<void> {
    for (;;) {
      const limit = Math.min(concurrency - busy, 2 * concurrency - active.size)
      if (!hungry || stopping || limit <= 0) return
      hungry = false
      const jobs = await claim(limit)
      if (jobs.length === limit) hungry = true
      for (const job of jobs) begin(job)
    }
  }

  async function claim(limit: number): Promise<readonly Job[]> {
    try {
      return await store.claim({ workerId, queues, limit, leaseMs })
    } catch (error) {
      hungry = true
      throw error
    }
  }

  function begin(job: Job): void {
    const running = runJob(runOptions, job)
    active.set(job.id, running)
    busy += 1
    if (stopping) running.stop('stopping')
    void running.done
      .then((settlement) => {
        busy -= 1
        if (hungry) work.ring()
        return settling.push(settlement)
      })
      .then((settled) => {
        if (settled?.state === 'dead') log.warn({ jobId: job.id, error: settled.error }, 'job is dead')
        if (!settled) log.warn({ jobId: job.id, claims: job.claims }, 'the claim of a job was void')
      })
      .finally(() => {
        // The same job may have been claimed again by this runner after its lease had ended.
        if (active.get(job.id) === running) active.delete(job.id)
        slotFreed.ring()
        if (hungry) work.ring()
      })
  }

  async function drained(ms: number): Promise<void> {
    const deadline = performance.now() + ms
    while (active.size > 0 && performance.now() < deadline) {
      slotFreed.reset()
      await slotFreed.wait(Math.max(1, deadline - performance.now()))
    }
  }

  async function firstBeat(): Promise<void> {
    await keeper.beat()
    keeper.start()
    await run()
  }

  return {
    workerId,
    wake,
    get running() {
      return active.size
    },
    start() {
      if (loop) return
      const offReady = store.signals.onReady(onReady)
      const offCancel = store.signals.onCancel((jobId) => active.get(jobId)?.stop('cancelled'))
      stopListening = () => {
        offReady()
        offCancel()
      }
      loop = firstBeat()
    },
    async stop({ handBackAfterMs = 10_000 } = {}) {
      stopping = true
      stopListening?.()
      work.ring()
      backoff.ring()
      await loop
      await drained(handBackAfterMs)
      for (const running of active.values()) running.stop('stopping')
      await drained(runOptions.abortGraceMs + 1_000)
      settling.giveUp()
      await drained(1_000)
      await keeper.stop()
      // A worker that cannot sign off is forgotten by its successors.
      await store.forgetWorker(workerId).catch(() => undefined)
    },
  }
}

function backoffMs(failures: number, random: () => number): number {
  return Math.min(100 * 2 ** Math.min(failures, 10), longestBackoffMs) * (0.5 + random() / 2)
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
