// Why a job does not run: every gate it stands before, and when each is expected to open.
import type { JobState } from '../job-state.ts'
import { indexGuards } from '../schema/index-guards.ts'
import { getJob } from './list.ts'
import type { StoreContext } from './store-context.ts'
import { listWorkers } from './workers.ts'

/** A reason why a job is not running. Times are epoch milliseconds. */
export type Gate =
  /** `delay`: its own start time; `retry`: after a failure; `wait`: a waiting step; `redrive`: the redrive's rate. */
  | { readonly gate: 'schedule'; readonly reason: string; readonly opensAt: number }
  | { readonly gate: 'blocked'; readonly reason: string }
  /** Jobs before it in the fair order; `atLeast` when counting stopped. */
  | { readonly gate: 'fairness'; readonly ahead: number; readonly atLeast: boolean }
  /** Nobody serves its queue (0), or all who do are busy. */
  | { readonly gate: 'workers'; readonly serving: number; readonly slots: number; readonly busy: number }

export interface Why {
  readonly state: JobState
  /** Empty when it runs or is finished. */
  readonly gates: readonly Gate[]
}

const countLimit = 1_000

const ahead = `SELECT count(*) AS jobs FROM (SELECT 1 FROM jobs other, jobs mine WHERE mine.job_id = $1
  AND other.state = 'queued' AND other.${indexGuards.claim} AND other.queue = mine.queue AND (other.priority < mine.priority
    OR (other.priority = mine.priority AND (other.virtual_time < mine.virtual_time
      OR (other.virtual_time = mine.virtual_time AND other.job_id < mine.job_id)))) LIMIT ${countLimit}) AS bounded`

const running = `SELECT count(*) AS jobs FROM jobs WHERE state = 'running' AND ${indexGuards.lease} AND queue = $1`

const aliveMs = 60_000

export async function why(
  context: StoreContext,
  address: { readonly workspaceId?: string; readonly jobId: string },
): Promise<Why | undefined> {
  const job = await getJob(context.read, address)
  if (!job) return undefined
  switch (job.state) {
    case 'scheduled':
      return {
        state: job.state,
        gates: [{ gate: 'schedule', reason: job.stateReason ?? 'delay', opensAt: job.runAt }],
      }
    case 'blocked':
      return { state: job.state, gates: [{ gate: 'blocked', reason: job.stateReason ?? 'unknown' }] }
    case 'queued':
      return { state: job.state, gates: await gatesOfQueued(context, job) }
    case 'running':
    case 'succeeded':
    case 'dead':
    case 'cancelled':
      return { state: job.state, gates: [] }
  }
}

async function gatesOfQueued(
  context: StoreContext,
  job: { readonly id: string; readonly queue: string },
): Promise<Gate[]> {
  const [before] = await context.read.query<{ jobs: number }>(ahead, [job.id])
  const [taken] = await context.read.query<{ jobs: number }>(running, [job.queue])
  const now = context.clock.now()
  const serving = (await listWorkers(context)).filter(
    (worker) => now - worker.seenAt <= aliveMs && worker.queues.includes(job.queue),
  )
  const slots = serving.reduce((sum, worker) => sum + worker.concurrency, 0)
  const busy = taken?.jobs ?? 0
  const gates: Gate[] = []
  const count = before?.jobs ?? 0
  if (count > 0) gates.push({ gate: 'fairness', ahead: count, atLeast: count >= countLimit })
  if (slots === 0 || busy >= slots) gates.push({ gate: 'workers', serving: serving.length, slots, busy })
  return gates
}
