// From a job of the store to what the API says of it.
import {
  type JobDetail,
  type JobError,
  type JobEvent,
  type JobLogLine,
  type JobStatus,
  type JobStep,
  type JobSummary,
  toPublicId,
} from '@levqor/client'
import {
  type Attempt,
  type ErrorFacts,
  isFinished,
  type Job,
  type LogLine,
  type Step,
  type JobEvent as StoredEvent,
} from '@levqor/jobs'

/** What a definition tells about steps that have not begun. */
export interface PlannedStep {
  readonly id: string
  readonly use: string
  readonly effect: 'idempotent' | 'keyed' | 'unsafe'
}

const currency = 'USD'

export function rfc3339(ms: number): string
export function rfc3339(ms: number | undefined): string | null
export function rfc3339(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString()
}

function presentError(error: ErrorFacts | undefined): JobError | null {
  if (!error) return null
  const step = stepOf(error.details)
  return { code: error.code, message: error.message, ...(step === undefined ? {} : { step }) }
}

// The step engine names the step that failed in the error's details.
function stepOf(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null || !('step' in details)) return undefined
  return typeof details.step === 'string' ? details.step : undefined
}

export function presentSummary(job: Job): JobSummary {
  const waits = job.state === 'scheduled' || job.state === 'queued'
  return {
    job_id: toPublicId('job', job.id),
    workflow: job.workflow?.name ?? job.kind,
    status: job.state,
    progress: job.progress ?? 0,
    attempts: job.claims,
    created_at: rfc3339(job.createdAt),
    started_at: rfc3339(job.startedAt),
    finished_at: rfc3339(job.finishedAt),
    error: presentError(job.error),
    cost: { amount_micros: job.costMicros, currency },
    priority: job.priority,
    run_at: waits ? rfc3339(job.runAt) : null,
  }
}

export function presentStatus(job: Job): JobStatus {
  const { priority: _, run_at: __, ...status } = presentSummary(job)
  return { ...status, result: job.state === 'succeeded' ? (job.result ?? null) : null }
}

export function presentDetail(
  job: Job,
  attempts: readonly Attempt[],
  version: number | undefined,
): JobDetail {
  return {
    ...presentSummary(job),
    payload: job.payload,
    result: job.state === 'succeeded' ? (job.result ?? null) : null,
    workflow_version: version ?? null,
    callback_url: job.callbackUrl ?? null,
    failures: job.failures,
    crashes: job.crashes,
    redrives: job.redrives,
    attempt_log: attempts.map((attempt) => ({
      number: attempt.claim,
      state: attempt.outcome,
      worker: attempt.worker,
      started_at: rfc3339(attempt.startedAt),
      finished_at: rfc3339(attempt.endedAt),
      error: presentError(attempt.error),
      retry_at:
        attempt.outcome === 'failed' && attempt.claim === job.claims && job.state === 'scheduled'
          ? rfc3339(job.runAt)
          : null,
    })),
    can: {
      cancel: !isFinished(job.state) && !job.cancelRequested,
      retry: job.state === 'dead' || job.state === 'cancelled',
    },
  }
}

/** The steps that have begun, and the planned ones that have not. */
export function presentSteps(job: Job, steps: readonly Step[], planned: readonly PlannedStep[]): JobStep[] {
  const begun = new Map(steps.map((step) => [step.stepId, step]))
  const open = {
    input: null,
    output: null,
    error: null,
    started_at: null,
    finished_at: null,
    duration_ms: null,
  } as const
  const shown = planned.map(({ id, use, effect }, position): JobStep => {
    const step = begun.get(id)
    begun.delete(id)
    if (step) return presentStep(job, step)
    const state = isFinished(job.state) ? 'cancelled' : 'pending'
    return { id, position, use, effect, state, attempts: 0, ...open, cost: { amount_micros: 0, currency } }
  })
  return [...shown, ...[...begun.values()].map((step) => presentStep(job, step))]
}

function presentStep(job: Job, step: Step): JobStep {
  return {
    id: step.stepId,
    position: step.position,
    use: step.connector,
    effect: step.effect,
    state: stepState(job, step),
    attempts: step.attempt,
    input: step.input ?? null,
    output: step.output ?? null,
    error: presentError(step.error),
    started_at: rfc3339(step.startedAt),
    finished_at: rfc3339(step.finishedAt),
    duration_ms: step.durationMs ?? null,
    cost: { amount_micros: step.costMicros, currency },
  }
}

// A step that was in flight when its worker vanished still says "running" until the next attempt begins.
function stepState(job: Job, step: Step): JobStep['state'] {
  if (step.state !== 'running' && step.state !== 'waiting') return step.state
  if (job.state === 'blocked') return 'blocked'
  if (job.state === 'cancelled') return 'cancelled'
  if (job.state === 'dead') return 'failed'
  return step.state
}

export function presentLogLine(line: LogLine): JobLogLine {
  const step = stepOf(line.facts)
  return {
    seq: line.seq,
    time: rfc3339(line.at),
    level: line.level === 'debug' ? 'info' : line.level,
    step: step ?? null,
    message: line.message,
  }
}

/** @param at the state and progress that the job had by then */
export function presentEvent(
  event: StoredEvent,
  at: { readonly status: JobEvent['status']; readonly progress: number },
): JobEvent {
  const common = { seq: event.seq, time: rfc3339(event.at), ...at }
  switch (event.type) {
    case 'step':
      return { ...common, type: 'step', step: { id: event.data.stepId, state: event.data.state } }
    case 'log':
      return { ...common, type: 'log', message: event.data.message }
    case 'progress':
    case 'state':
      return { ...common, type: 'job' }
    default:
      return event satisfies never
  }
}
