// What an event changes in what is already on the page. Pure, and deaf to news older than what is shown.
import type { JobDetail, JobEvent, JobStep, StepState } from '@levqor/client'
import { isOver } from './is-over.ts'

const endedStepStates: ReadonlySet<StepState> = new Set(['succeeded', 'failed', 'skipped', 'cancelled'])

/** Older than this is history, repeated for a page that has just connected: the answers fetched meanwhile know better. */
const newsForMs = 15_000

function isNews(event: JobEvent, now: number): boolean {
  return now - Date.parse(event.time) < newsForMs
}

function toJob(job: JobDetail, event: JobEvent): JobDetail {
  // After a reconnection old events come again; a finished job does not come back to life.
  if (isOver(job.status)) return job
  return {
    ...job,
    status: event.status,
    progress: event.progress,
    started_at: job.started_at ?? (event.status === 'running' ? event.time : null),
    finished_at: isOver(event.status) ? event.time : job.finished_at,
  }
}

function toSteps(steps: readonly JobStep[], event: JobEvent): readonly JobStep[] {
  const { step: change, time } = event
  if (!change) return steps
  return steps.map((step) => {
    if (step.id !== change.id || step.state === change.state || endedStepStates.has(step.state)) return step
    const ended = endedStepStates.has(change.state)
    const started_at = step.started_at ?? time
    return {
      ...step,
      state: change.state,
      started_at,
      finished_at: ended ? time : null,
      duration_ms: ended ? Math.max(0, Date.parse(time) - Date.parse(started_at)) : null,
    }
  })
}

export const applyEvent = { isNews, toJob, toSteps }
