// How the queues are doing, for operators, metrics and the readiness check.
import type { JobState } from '../job-state.ts'
import { indexGuards } from '../schema/index-guards.ts'
import type { StoreContext } from './store-context.ts'
import { listWorkers } from './workers.ts'

export interface QueueHealth {
  readonly queue: string
  readonly queued: number
  readonly scheduled: number
  readonly running: number
  readonly blocked: number
  readonly dead: number
  /** Age of the job that is next in line, milliseconds. */
  readonly headAgeMs: number | undefined
}

export interface StoreStats {
  readonly totals: Readonly<Record<Exclude<JobState, 'succeeded' | 'cancelled'>, number>>
  readonly queues: readonly QueueHealth[]
  /** Workers seen within the last minute. */
  readonly workers: number
  readonly slots: number
}

// One branch per partial index; `blocked` is few.
const counts = `SELECT queue, 'queued' AS state, count(*) AS jobs FROM jobs WHERE state = 'queued' AND ${indexGuards.claim} GROUP BY queue
  UNION ALL SELECT queue, 'scheduled', count(*) FROM jobs WHERE state = 'scheduled' GROUP BY queue
  UNION ALL SELECT queue, 'running', count(*) FROM jobs WHERE state = 'running' AND ${indexGuards.lease} GROUP BY queue
  UNION ALL SELECT queue, 'blocked', count(*) FROM jobs WHERE state = 'blocked' GROUP BY queue
  UNION ALL SELECT queue, 'dead', count(*) FROM jobs WHERE state = 'dead' GROUP BY queue`

const head = `SELECT created_at FROM jobs WHERE state = 'queued' AND ${indexGuards.claim} AND queue = $1 ORDER BY priority, virtual_time, job_id LIMIT 1`

const aliveMs = 60_000

/** Counts every unfinished job: its cost grows with the backlog. Cache it for a second or more. */
export async function stats(context: StoreContext): Promise<StoreStats> {
  const now = context.clock.now()
  const rows = await context.read.query<{ queue: string; state: string; jobs: number }>(counts)
  const count = (state: string, queue?: string) =>
    rows
      .filter((row) => row.state === state && (queue === undefined || row.queue === queue))
      .reduce((sum, row) => sum + row.jobs, 0)
  const queues: QueueHealth[] = []
  for (const queue of [...new Set(rows.map((row) => row.queue))].sort()) {
    const [first] = await context.read.query<{ created_at: number }>(head, [queue])
    queues.push({
      queue,
      queued: count('queued', queue),
      scheduled: count('scheduled', queue),
      running: count('running', queue),
      blocked: count('blocked', queue),
      dead: count('dead', queue),
      headAgeMs: first && Math.max(0, now - first.created_at),
    })
  }
  const workers = (await listWorkers(context)).filter((worker) => now - worker.seenAt <= aliveMs)
  return {
    totals: {
      queued: count('queued'),
      scheduled: count('scheduled'),
      running: count('running'),
      blocked: count('blocked'),
      dead: count('dead'),
    },
    queues,
    workers: workers.length,
    slots: workers.reduce((sum, worker) => sum + worker.concurrency, 0),
  }
}
