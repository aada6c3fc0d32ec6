// The shapes that callers of the store see: what is put in, what comes out.
import type { ErrorFacts } from './job-error.ts'
import type { JobState } from './job-state.ts'

/** Structural: anything that tells the time in epoch milliseconds. */
export interface Clock {
  now(): number
}

/** Structural: anything that makes UUIDv7 text. */
export interface Ids {
  next(): string
}

/** Jobs of the platform itself (sign-in mail and the like) belong to this workspace, which no person can enter. */
export const platformWorkspaceId = '00000000-0000-0000-0000-000000000000'

export const priorities = ['high', 'normal', 'low'] as const
export type Priority = (typeof priorities)[number]

/** Which workflow a job runs. Copied onto the row so that lists need no join. */
export interface JobWorkflow {
  readonly id: string
  readonly versionId: string
  readonly name: string
}

/** What `enqueue` accepts. */
export interface EnqueueSpec {
  readonly workspaceId: string
  /** The id of the task that runs it. */
  readonly kind: string
  /** Runners serve queues by name. Default `default`. */
  readonly queue?: string
  /** Any JSON value. */
  readonly payload: unknown
  readonly priority?: Priority
  /** Not before this moment, epoch milliseconds. */
  readonly runAt?: number
  readonly idempotency?: { readonly key: string; readonly bodyDigest: string }
  readonly callbackUrl?: string
  readonly workflow?: JobWorkflow
  /** The job that caused this one. */
  readonly parentId?: string
  /** Correlation id of the request that caused it. */
  readonly requestId?: string
  /** Longest time of one attempt, milliseconds. The runner has a default. */
  readonly timeoutMs?: number
  /** Failures until the job is dead, the first try included. Default: length of the ladder plus one. */
  readonly maxFailures?: number
  /** Retry ladder in milliseconds. Default 1 s, 5 s, 15 s. */
  readonly retryDelaysMs?: readonly number[]
}

export interface EnqueueResult {
  readonly jobId: string
  /** The state right after the first enqueue, also when it is replayed. */
  readonly status: 'queued' | 'scheduled'
  /** True when an earlier job with the same key and body was found; nothing was written. */
  readonly replayed: boolean
}

/** A job as it stands in the store. Times are epoch milliseconds. */
export interface Job {
  readonly id: string
  readonly workspaceId: string
  readonly kind: string
  readonly queue: string
  readonly state: JobState
  /** Why it is scheduled (`delay`, `retry`, `wait`, `redrive`) or blocked (the task's word). */
  readonly stateReason: string | undefined
  readonly priority: Priority
  readonly runAt: number
  readonly payload: unknown
  readonly workflow: JobWorkflow | undefined
  readonly callbackUrl: string | undefined
  readonly parentId: string | undefined
  readonly requestId: string | undefined
  readonly timeoutMs: number | undefined
  readonly maxFailures: number
  readonly retryDelaysMs: readonly number[] | undefined
  /** How often a worker took it. Every settlement is fenced by this number. */
  readonly claims: number
  /** How often it failed since it was last enqueued or redriven. */
  readonly failures: number
  /** How often its worker vanished since the last finished step. */
  readonly crashes: number
  /** How often a person brought it back from the dead. */
  readonly redrives: number
  readonly cancelRequested: boolean
  readonly worker: string | undefined
  readonly claimedAt: number | undefined
  readonly leaseUntil: number | undefined
  /** 0 to 100. */
  readonly progress: number | undefined
  readonly costMicros: number
  readonly result: unknown
  readonly error: ErrorFacts | undefined
  readonly createdAt: number
  readonly startedAt: number | undefined
  readonly finishedAt: number | undefined
  /** Number of its newest event. */
  readonly eventSeq: number
  readonly logLines: number
}

export type AttemptOutcome =
  | 'succeeded'
  | 'failed'
  | 'timed_out'
  | 'crashed'
  | 'cancelled'
  | 'waiting'
  | 'blocked'
  | 'handed_back'

/** One claim of a job, from the worker's taking to its settlement. */
export interface Attempt {
  readonly jobId: string
  readonly claim: number
  readonly worker: string
  readonly startedAt: number
  /** Missing while it runs. */
  readonly endedAt: number | undefined
  readonly outcome: AttemptOutcome | 'running'
  readonly error: ErrorFacts | undefined
  readonly redrive: number
}

/** What may happen when a step's worker vanished in mid-step. */
export type StepEffect = 'idempotent' | 'keyed' | 'unsafe'

export type StepState = 'running' | 'succeeded' | 'failed' | 'skipped' | 'waiting'

/** The checkpoint of one step. */
export interface Step {
  readonly jobId: string
  readonly stepId: string
  readonly position: number
  readonly state: StepState
  readonly connector: string
  readonly effect: StepEffect
  /** How often it was begun. */
  readonly attempt: number
  /** The claim of the job that wrote it last. */
  readonly claim: number
  readonly input: unknown
  readonly inputDigest: string | undefined
  readonly output: unknown
  readonly error: ErrorFacts | undefined
  readonly startedAt: number
  readonly finishedAt: number | undefined
  readonly durationMs: number | undefined
  readonly costMicros: number
  /** What a person decided about a step that crashed in flight. */
  readonly decision: StepDecision | undefined
}

export type StepDecision = 'retry' | 'skip' | 'fail'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/**
 * One entry of a job's append-only live log. `seq` counts per job without gaps, in commit order.
 * `state` events carry the row's state; `watchJob` makes them for moves that are not stored as events.
 */
export type JobEvent =
  | { readonly seq: number; readonly at: number; readonly type: 'state'; readonly data: StateEvent }
  | { readonly seq: number; readonly at: number; readonly type: 'step'; readonly data: StepEvent }
  | { readonly seq: number; readonly at: number; readonly type: 'progress'; readonly data: ProgressEvent }
  | { readonly seq: number; readonly at: number; readonly type: 'log'; readonly data: LogEvent }

export interface StateEvent {
  readonly state: JobState
  readonly reason?: string
  readonly claims?: number
  readonly failures?: number
  readonly redrives?: number
  readonly error?: ErrorFacts
  readonly by?: string
}

export interface StepEvent {
  readonly stepId: string
  readonly state: StepState
  readonly position: number
  readonly connector: string
  readonly attempt: number
  readonly durationMs?: number
  readonly error?: ErrorFacts
}

export interface ProgressEvent {
  readonly percent: number
  readonly note?: string
}

export interface LogEvent {
  readonly level: LogLevel
  readonly message: string
  readonly facts?: unknown
}
