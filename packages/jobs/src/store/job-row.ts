// The jobs row as the drivers return it, and its reading.
import { decodeJson } from '@levqor/database'
import { type Job, type Priority, priorities } from '../job.ts'
import type { ErrorFacts } from '../job-error.ts'
import { isJobState, type JobState } from '../job-state.ts'

export interface JobRow {
  readonly job_id: string
  readonly workspace_id: string
  readonly queue: string
  readonly kind: string
  readonly state: string
  readonly initial_state: string
  readonly state_reason: string | null
  readonly priority: number
  readonly run_at: number
  readonly payload: string
  readonly idempotency_key: string | null
  readonly body_digest: string | null
  readonly callback_url: string | null
  readonly workflow_id: string | null
  readonly workflow_version_id: string | null
  readonly workflow_name: string | null
  readonly parent_id: string | null
  readonly request_id: string | null
  readonly timeout_ms: number | null
  readonly max_failures: number
  readonly retry_delays_ms: string | null
  readonly claims: number
  readonly failures: number
  readonly crashes: number
  readonly redrives: number
  readonly cancel_requested: number
  readonly worker: string | null
  readonly claimed_at: number | null
  readonly lease_until: number | null
  readonly progress: number | null
  readonly cost_micros: number
  readonly event_seq: number
  readonly log_lines: number
  readonly result: string | null
  readonly error: string | null
  readonly created_at: number
  readonly started_at: number | null
  readonly finished_at: number | null
}

/** Everything `readJob` needs, for SELECT and RETURNING. */
export const jobColumns = `job_id, workspace_id, queue, kind, state, initial_state, state_reason, priority, run_at, payload,
  idempotency_key, body_digest, callback_url, workflow_id, workflow_version_id, workflow_name, parent_id, request_id,
  timeout_ms, max_failures, retry_delays_ms, claims, failures, crashes, redrives, cancel_requested, worker, claimed_at,
  lease_until, progress, cost_micros, event_seq, log_lines, result, error, created_at, started_at, finished_at`

export function readJob(row: JobRow): Job {
  return {
    id: row.job_id,
    workspaceId: row.workspace_id,
    kind: row.kind,
    queue: row.queue,
    state: readState(row.state),
    stateReason: row.state_reason ?? undefined,
    priority: readPriority(row.priority),
    runAt: row.run_at,
    payload: decodeJson(row.payload),
    workflow:
      row.workflow_id === null
        ? undefined
        : {
            id: row.workflow_id,
            versionId: row.workflow_version_id ?? '',
            name: row.workflow_name ?? '',
          },
    callbackUrl: row.callback_url ?? undefined,
    parentId: row.parent_id ?? undefined,
    requestId: row.request_id ?? undefined,
    timeoutMs: row.timeout_ms ?? undefined,
    maxFailures: row.max_failures,
    retryDelaysMs: row.retry_delays_ms === null ? undefined : decodeJson<number[]>(row.retry_delays_ms),
    claims: row.claims,
    failures: row.failures,
    crashes: row.crashes,
    redrives: row.redrives,
    cancelRequested: row.cancel_requested === 1,
    worker: row.worker ?? undefined,
    claimedAt: row.claimed_at ?? undefined,
    leaseUntil: row.lease_until ?? undefined,
    progress: row.progress ?? undefined,
    costMicros: row.cost_micros,
    result: row.result === null ? undefined : decodeJson(row.result),
    error: readError(row.error),
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    eventSeq: row.event_seq,
    logLines: row.log_lines,
  }
}

export function readState(text: string): JobState {
  if (isJobState(text)) return text
  throw new Error(`The store holds a job in the unknown state ${text}.`)
}

export function readError(text: string | null): ErrorFacts | undefined {
  return text === null ? undefined : decodeJson<ErrorFacts>(text)
}

export function readPriority(rank: number): Priority {
  return priorities[rank] ?? 'normal'
}

export function priorityRank(priority: Priority): number {
  return priorities.indexOf(priority)
}
