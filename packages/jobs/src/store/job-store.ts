// The store: every verb bound to one database, clock and generator of identifiers.
import type { Database } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import type {
  Attempt,
  Clock,
  EnqueueResult,
  EnqueueSpec,
  Ids,
  Job,
  JobEvent,
  Step,
  StepDecision,
} from '../job.ts'
import { ownProcess } from '../runner/process-identity.ts'
import { createSignals, type Signals } from '../signals.ts'
import { type CancelResult, cancel, type JobAddress } from './cancel.ts'
import { type ClaimRequest, claim } from './claim.ts'
import { enqueue, findEnqueued } from './enqueue.ts'
import { type HeartbeatRequest, type HeldLease, heartbeat } from './heartbeat.ts'
import type { JobFilter } from './job-filter.ts'
import { getJob, type JobPage, type ListRequest, listJobs } from './list.ts'
import { type Outlook, peek } from './peek.ts'
import { promote } from './promote.ts'
import { createQueueCap } from './queue-cap.ts'
import { reapExpired } from './reap.ts'
import { type RunningRecord, record } from './record.ts'
import {
  previewRedrive,
  type RedriveOptions,
  type RedrivePreview,
  type RedriveResult,
  redrive,
  redriveMany,
} from './redrive.ts'
import { type Retention, retain } from './retain.ts'
import { setShare } from './set-share.ts'
import { type Settlement, settle } from './settle.ts'
import { type StoreStats, stats } from './stats.ts'
import type { FollowUps, JobsTransaction, StoreContext } from './store-context.ts'
import {
  type EventsRequest,
  type LogLine,
  listAttempts,
  listEvents,
  listLogs,
  listSteps,
} from './timeline.ts'
import { resolveStep, unblock } from './unblock.ts'
import { createRecentTags } from './virtual-time.ts'
import { type WatchRequest, watchJob } from './watch.ts'
import { type Why, why } from './why.ts'
import {
  forgetWorker,
  listWorkers,
  seeWorker,
  voidDeadWorkers,
  type WorkerInfo,
  type WorkerRow,
} from './workers.ts'

export interface JobStoreOptions {
  /** Opened with `jobsSchema`. */
  readonly database: Database
  readonly clock: Clock
  readonly ids: Ids
  /** Most jobs of one workspace that may wait (queued, scheduled, blocked). Default 100,000. */
  readonly maxWaitingPerWorkspace?: number
  /** Jobs to enqueue in the very transaction that finishes a job, such as its callback. Default none. */
  readonly followUps?: FollowUps
}

type Maybe = { readonly workspaceId?: string; readonly jobId: string }

/**
 * Verbs that take a transaction join the caller's; the others run in their own. Reads take an optional
 * `workspaceId`: leave it out only where an operator asks.
 */
export interface JobStore {
  /** Throws JobsError `idempotency_conflict`, `queue_full`, `bad_job`. */
  enqueue(tx: JobsTransaction, spec: EnqueueSpec): Promise<EnqueueResult>
  /**
   * What an earlier enqueue with this key was answered, read outside any transaction. `enqueue` decides again.
   * @throws JobsError `idempotency_conflict`
   */
  findEnqueued(request: {
    readonly workspaceId: string
    readonly key: string
    readonly bodyDigest: string
  }): Promise<EnqueueResult | undefined>
  cancel(tx: JobsTransaction, address: JobAddress, by?: string): Promise<CancelResult>
  redrive(
    tx: JobsTransaction,
    address: JobAddress,
    options?: Pick<RedriveOptions, 'by'>,
  ): Promise<RedriveResult>
  redriveMany(tx: JobsTransaction, filter: JobFilter, options?: RedriveOptions): Promise<readonly string[]>
  unblock(tx: JobsTransaction, address: JobAddress, by?: string): Promise<boolean>
  resolveStep(
    tx: JobsTransaction,
    address: JobAddress & { readonly stepId: string },
    decision: StepDecision,
    by?: string,
  ): Promise<boolean>
  /** The share of a workspace against others; 100 is normal, 200 gets twice as much. 1 to 10,000. */
  setShare(tx: JobsTransaction, workspaceId: string, weight: number): Promise<void>

  get(address: Maybe): Promise<Job | undefined>
  list(request: ListRequest): Promise<JobPage>
  attempts(address: Maybe): Promise<Attempt[]>
  steps(address: Maybe): Promise<Step[]>
  events(request: EventsRequest): Promise<JobEvent[]>
  logs(request: EventsRequest): Promise<LogLine[]>
  /** Live events of one job until it is finished; see {@link watchJob}. */
  watch(request: WatchRequest): AsyncGenerator<JobEvent, void, void>
  /** Calls `fn` whenever this process changes the job; read the store then. Returns the way to stop. */
  subscribe(jobId: string, fn: () => void): () => void
  why(address: Maybe): Promise<Why | undefined>
  stats(): Promise<StoreStats>
  previewRedrive(filter: JobFilter): Promise<RedrivePreview>
  workers(): Promise<WorkerInfo[]>

  claim(request: ClaimRequest): Promise<Job[]>
  heartbeat(request: HeartbeatRequest): Promise<HeldLease[]>
  settle(settlements: readonly Settlement[]): Promise<(Job | undefined)[]>
  record(entry: RunningRecord): Promise<boolean>
  /** Queues due jobs; returns how many. */
  promote(limit?: number): Promise<number>
  /** Gives back jobs whose lease has ended. */
  reap(): Promise<Job[]>
  /** Gives back jobs of processes that provably ended; returns how many. */
  voidDeadWorkers(): Promise<number>
  peek(queues: readonly string[]): Promise<Outlook>
  retain(retention?: Retention, limit?: number): Promise<number>
  seeWorker(worker: WorkerRow): Promise<void>
  forgetWorker(workerId: string): Promise<void>

  readonly clock: Clock
  readonly signals: Signals
}

/**
 * @example
 * const database = await openDatabase({ url: 'sqlite:./jobs.db', schemas: [jobsSchema], clock, ids })
 * const store = createJobStore({ database, clock, ids })
 * await database.workspace(workspaceId).transaction((tx) =>
 *   store.enqueue(tx, { workspaceId, kind: 'greet', payload: { name: 'Ada' } }))
 */
export function createJobStore(options: JobStoreOptions): JobStore {
  const { database, clock, ids } = options
  const system = asSystem(database)
  const read = system.read
  const signals = createSignals()
  const context: StoreContext = {
    system,
    read,
    clock,
    ids,
    signals,
    cap: createQueueCap(options.maxWaitingPerWorkspace ?? 100_000, clock),
    recentTags: createRecentTags(read.dialect),
    followUps: options.followUps ?? (() => []),
  }
  return {
    clock,
    signals,
    enqueue: (tx, spec) => enqueue(context, tx, spec),
    findEnqueued: (request) => findEnqueued(read, request),
    cancel: (tx, address, by) => cancel(context, tx, address, by),
    redrive: (tx, address, how) => redrive(context, tx, address, how),
    redriveMany: (tx, filter, how) => redriveMany(context, tx, filter, how),
    unblock: (tx, address, by) => unblock(context, tx, address, by),
    resolveStep: (tx, address, decision, by) => resolveStep(context, tx, address, decision, by),
    setShare: (tx, workspaceId, weight) => setShare(tx, workspaceId, weight),
    get: (address) => getJob(read, address),
    list: (request) => listJobs(read, request),
    attempts: (address) => listAttempts(read, address),
    steps: (address) => listSteps(read, address),
    events: (request) => listEvents(read, request),
    logs: (request) => listLogs(read, request),
    watch: (request) => watchJob(context, request),
    subscribe: (jobId, fn) => signals.onChanged(jobId, fn),
    why: (address) => why(context, address),
    stats: () => stats(context),
    previewRedrive: (filter) => previewRedrive(read, filter),
    workers: () => listWorkers(context),
    claim: (request) => claim(context, request),
    heartbeat: (request) => heartbeat(context, request),
    settle: (settlements) => settle(context, settlements),
    record: (entry) => record(context, entry),
    promote: (limit = 200) => promote(context, limit),
    reap: () => reapExpired(context),
    voidDeadWorkers: () => voidDeadWorkers(context, ownProcess()),
    peek: (queues) => peek(context, queues),
    retain: (retention, limit) => retain(context, retention, limit),
    seeWorker: (worker) => seeWorker(context, worker),
    forgetWorker: (workerId) => forgetWorker(context, workerId),
  }
}
