// Work that must not be lost: the store of jobs, and the runner that does them.

export type {
  Attempt,
  AttemptOutcome,
  Clock,
  EnqueueResult,
  EnqueueSpec,
  Ids,
  Job,
  JobEvent,
  JobWorkflow,
  LogEvent,
  LogLevel,
  Priority,
  ProgressEvent,
  StateEvent,
  Step,
  StepDecision,
  StepEffect,
  StepEvent,
  StepState,
} from './job.ts'
export { platformWorkspaceId, priorities } from './job.ts'
export { type ErrorFacts, type JobsError, type JobsErrorCode, jobsError } from './job-error.ts'
export {
  canMove,
  type FinishedState,
  isFinished,
  isJobState,
  type JobState,
  jobStates,
  type Transition,
  transitions,
} from './job-state.ts'
export { decideRetry, defaultRetryDelaysMs, type Failure } from './retry-policy.ts'
export { createRunner, type Runner, type RunnerOptions, type StopOptions } from './runner/runner.ts'
export type { RunnerLog } from './runner/runner-log.ts'
export {
  type StepBegin,
  type StepCheckpoints,
  type StepStart,
  undecidedStep,
} from './runner/step-checkpoints.ts'
export type { StopReason } from './runner/stop-reason.ts'
export type { StepRecord } from './runner/task-reporter.ts'
export { jobsSchema } from './schema/jobs-schema.ts'
export type { CancelResult, JobAddress } from './store/cancel.ts'
export { jobLimits } from './store/check-spec.ts'
export type { ClaimRequest } from './store/claim.ts'
export type { HeartbeatRequest, HeldLease } from './store/heartbeat.ts'
export type { JobFilter } from './store/job-filter.ts'
export { createJobStore, type JobStore, type JobStoreOptions } from './store/job-store.ts'
export type { JobPage, ListRequest } from './store/list.ts'
export type { Outlook } from './store/peek.ts'
export { poisonCrashes } from './store/reap.ts'
export type { RedriveOptions, RedrivePreview, RedriveResult } from './store/redrive.ts'
export { defaultRetention, type Retention } from './store/retain.ts'
export type { Settlement } from './store/settle.ts'
export type { QueueHealth, StoreStats } from './store/stats.ts'
export type { FollowUps, JobsTransaction } from './store/store-context.ts'
export type { EventsRequest, LogLine } from './store/timeline.ts'
export type { WatchRequest } from './store/watch.ts'
export type { Gate, Why } from './store/why.ts'
export type { WorkerInfo, WorkerRow } from './store/workers.ts'
export {
  defineTask,
  type Task,
  type TaskContext,
  type TaskError,
  type TaskOutcome,
  taskError,
} from './task.ts'
