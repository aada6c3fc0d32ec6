// What happened to a job: its attempts, its steps, its events and log lines.
import { decodeJson, type SqlRunner } from '@levqor/database'
import type {
  Attempt,
  AttemptOutcome,
  JobEvent,
  LogEvent,
  Step,
  StepDecision,
  StepEffect,
  StepState,
} from '../job.ts'
import { readError } from './job-row.ts'
import { getJob } from './list.ts'

interface AttemptRow {
  readonly claim: number
  readonly worker: string
  readonly started_at: number
  readonly ended_at: number
  readonly outcome: AttemptOutcome
  readonly error: string | null
  readonly redrive: number
}

/** Oldest first; the last one may still run. Empty for an unknown job. */
export async function listAttempts(
  read: SqlRunner,
  address: { readonly workspaceId?: string; readonly jobId: string },
): Promise<Attempt[]> {
  const job = await getJob(read, address)
  if (!job) return []
  const rows = await read.query<AttemptRow>(
    `SELECT claim, worker, started_at, ended_at, outcome, error, redrive FROM job_attempts WHERE job_id = $1 ORDER BY claim`,
    [job.id],
  )
  const attempts = rows.map(
    (row): Attempt => ({
      jobId: job.id,
      claim: row.claim,
      worker: row.worker,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      outcome: row.outcome,
      error: readError(row.error),
      redrive: row.redrive,
    }),
  )
  if (job.state === 'running' && !attempts.some((attempt) => attempt.claim === job.claims)) {
    attempts.push({
      jobId: job.id,
      claim: job.claims,
      worker: job.worker ?? '',
      startedAt: job.claimedAt ?? job.createdAt,
      endedAt: undefined,
      outcome: 'running',
      error: undefined,
      redrive: job.redrives,
    })
  }
  return attempts
}

interface StepRow {
  readonly job_id: string
  readonly step_id: string
  readonly position: number
  readonly state: StepState
  readonly connector: string
  readonly effect: StepEffect
  readonly attempt: number
  readonly claim: number
  readonly input: string | null
  readonly input_digest: string | null
  readonly output: string | null
  readonly error: string | null
  readonly started_at: number
  readonly finished_at: number | null
  readonly duration_ms: number | null
  readonly cost_micros: number
  readonly decision: StepDecision | null
}

const stepColumns = `job_id, step_id, position, state, connector, effect, attempt, claim, input, input_digest, output, error,
  started_at, finished_at, duration_ms, cost_micros, decision`

/** In the order of the workflow. */
export async function listSteps(
  read: SqlRunner,
  { workspaceId, jobId }: { readonly workspaceId?: string; readonly jobId: string },
): Promise<Step[]> {
  const rows =
    workspaceId === undefined
      ? await read.query<StepRow>(
          `SELECT ${stepColumns} FROM job_steps WHERE job_id = $1 ORDER BY position, step_id`,
          [jobId],
        )
      : await read.query<StepRow>(
          `SELECT ${stepColumns} FROM job_steps WHERE job_id = $1 AND workspace_id = $2 ORDER BY position, step_id`,
          [jobId, workspaceId],
        )
  return rows.map(readStep)
}

function readStep(row: StepRow): Step {
  return {
    jobId: row.job_id,
    stepId: row.step_id,
    position: row.position,
    state: row.state,
    connector: row.connector,
    effect: row.effect,
    attempt: row.attempt,
    claim: row.claim,
    input: row.input === null ? undefined : decodeJson(row.input),
    inputDigest: row.input_digest ?? undefined,
    output: row.output === null ? undefined : decodeJson(row.output),
    error: readError(row.error),
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
    durationMs: row.duration_ms ?? undefined,
    costMicros: row.cost_micros,
    decision: row.decision ?? undefined,
  }
}

export interface EventsRequest {
  readonly workspaceId: string
  readonly jobId: string
  /** Only events with a higher number. Default 0: all. */
  readonly afterSeq?: number
  /** 1 to 1000, default 500. */
  readonly limit?: number
}

interface EventRow {
  readonly seq: number
  readonly type: JobEvent['type']
  readonly data: string
  readonly created_at: number
}

/** Oldest first. */
export async function listEvents(read: SqlRunner, request: EventsRequest): Promise<JobEvent[]> {
  const rows = await read.query<EventRow>(
    `SELECT seq, type, data, created_at FROM job_events WHERE job_id = $1 AND workspace_id = $2 AND seq > $3
     ORDER BY seq LIMIT $4`,
    [request.jobId, request.workspaceId, request.afterSeq ?? 0, bounded(request.limit)],
  )
  return rows.map(readEvent)
}

/** A line of a job's log. */
export interface LogLine extends LogEvent {
  readonly seq: number
  readonly at: number
}

/** Oldest first. */
export async function listLogs(read: SqlRunner, request: EventsRequest): Promise<LogLine[]> {
  const rows = await read.query<EventRow>(
    `SELECT seq, type, data, created_at FROM job_events WHERE job_id = $1 AND workspace_id = $2 AND seq > $3
       AND type = 'log' ORDER BY seq LIMIT $4`,
    [request.jobId, request.workspaceId, request.afterSeq ?? 0, bounded(request.limit)],
  )
  return rows.map((row) => ({ seq: row.seq, at: row.created_at, ...decodeJson<LogEvent>(row.data) }))
}

function bounded(limit = 500): number {
  return Math.min(Math.max(Math.trunc(limit), 1), 1_000)
}

function readEvent(row: EventRow): JobEvent {
  // The row was written by addEvents from an event of this type, which keeps type and data together.
  return { seq: row.seq, at: row.created_at, type: row.type, data: decodeJson(row.data) } as JobEvent
}
