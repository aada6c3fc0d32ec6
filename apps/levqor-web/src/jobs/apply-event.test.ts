import type { JobDetail, JobEvent, JobStep } from '@levqor/client'
import { describe, expect, it } from 'vitest'
import { applyEvent } from './apply-event.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 0, 0, second)).toISOString()
const progress = 50
const cost = { amount_micros: 0, currency: 'EUR' }

const job: JobDetail = {
  job_id: 'job_00000000000000000000000000000000',
  workflow: 'follow-up',
  status: 'queued',
  progress: 0,
  attempts: 0,
  created_at: at(0),
  started_at: null,
  finished_at: null,
  error: null,
  cost,
  priority: 'normal',
  run_at: null,
  payload: {},
  result: null,
  workflow_version: 1,
  callback_url: null,
  failures: 0,
  crashes: 0,
  redrives: 0,
  attempt_log: [],
  can: { cancel: true, retry: false },
}

const step: JobStep = {
  id: 'page',
  position: 0,
  use: 'http.request',
  effect: 'idempotent',
  state: 'pending',
  attempts: 0,
  input: null,
  output: null,
  error: null,
  started_at: null,
  finished_at: null,
  duration_ms: null,
  cost,
}

function event(second: number, parts: Partial<JobEvent>): JobEvent {
  return { seq: second, type: 'job', time: at(second), status: 'running', progress, ...parts }
}

describe('a live event', () => {
  it('shows state, progress and times of the job before anything is fetched again', () => {
    const running = applyEvent.toJob(job, event(3, {}))
    expect(running).toMatchObject({ status: 'running', progress, started_at: at(3), finished_at: null })
    expect(applyEvent.toJob(running, event(5, { status: 'succeeded' }))).toMatchObject({
      status: 'succeeded',
      started_at: at(3),
      finished_at: at(5),
    })
  })

  it('never brings a finished job back to life when old events are repeated', () => {
    const over = { ...job, status: 'succeeded' as const }
    expect(applyEvent.toJob(over, event(9, {}))).toBe(over)
  })

  it('opens and closes the bar of its step, and touches no other', () => {
    const other = { ...step, id: 'other' }
    const open = applyEvent.toSteps(
      [step, other],
      event(2, { type: 'step', step: { id: 'page', state: 'running' } }),
    )
    expect(open[0]).toMatchObject({ state: 'running', started_at: at(2), finished_at: null })
    expect(open[1]).toBe(other)
    const closed = applyEvent.toSteps(
      open,
      event(4, { type: 'step', step: { id: 'page', state: 'succeeded' } }),
    )
    expect(closed[0]).toMatchObject({
      state: 'succeeded',
      started_at: at(2),
      finished_at: at(4),
      duration_ms: 2_000,
    })
  })

  it('is only believed while it is news: history is repeated to a page that has just connected', () => {
    expect(applyEvent.isNews(event(0, {}), Date.parse(at(14)))).toBe(true)
    expect(applyEvent.isNews(event(0, {}), Date.parse(at(15)))).toBe(false)
  })

  it('does not reopen a finished step', () => {
    const done: JobStep = { ...step, state: 'succeeded' }
    const again = applyEvent.toSteps(
      [done],
      event(2, { type: 'step', step: { id: 'page', state: 'running' } }),
    )
    expect(again[0]).toBe(done)
  })
})
