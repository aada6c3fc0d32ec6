// What is true after the chaos, read from the store itself and from what the outside world has seen.
import type { Database } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import type { Hit } from '@levqor/testing'
import type { Accepted } from './submit-jobs.ts'

export interface Outcome {
  readonly lost: number
  readonly settled_twice: number
  readonly stuck: number
  readonly succeeded: number
  readonly dead_lettered: number
  readonly crashed_attempts: number
  /** Finished jobs whose completion message has not arrived. */
  readonly unreported: number
}

interface JobFacts {
  readonly state: string
  readonly endings: number
  readonly crashed: number
}

export async function countOutcomes(
  database: Database,
  accepted: readonly Accepted[],
  hits: readonly Hit[],
): Promise<Outcome> {
  const { read } = asSystem(database)
  const rows = await read.query<{ job_id: string; state: string; endings: number; crashed: number }>(
    `SELECT j.job_id, j.state,
       (SELECT count(*) FROM job_attempts a WHERE a.job_id = j.job_id AND a.outcome IN ('succeeded', 'cancelled')) AS endings,
       (SELECT count(*) FROM job_attempts a WHERE a.job_id = j.job_id AND a.outcome = 'crashed') AS crashed
     FROM jobs j WHERE j.kind = 'workflow'`,
  )
  const jobs = new Map(rows.map((row): [string, JobFacts] => [row.job_id, row]))
  const messages = messagesByTag(hits)
  const outcome = {
    lost: 0,
    settled_twice: 0,
    stuck: 0,
    succeeded: 0,
    dead_lettered: 0,
    crashed_attempts: 0,
    unreported: 0,
  }
  for (const { id, tag } of accepted) {
    const job = jobs.get(id)
    if (!job) {
      outcome.lost++
      continue
    }
    const told = messages.get(tag)?.size ?? 0
    outcome.crashed_attempts += job.crashed
    const endings = job.endings + (job.state === 'dead' ? 1 : 0)
    if (endings > 1 || told > 1) outcome.settled_twice++
    if (job.state === 'succeeded') outcome.succeeded++
    else if (job.state === 'dead') outcome.dead_lettered++
    else outcome.stuck++
    if ((job.state === 'succeeded' || job.state === 'dead') && told === 0) outcome.unreported++
  }
  // A job that nobody was told of would be one that was made twice.
  outcome.settled_twice += [...jobs.keys()].filter((id) => !accepted.some((one) => one.id === id)).length
  return outcome
}

// A completion message may arrive again after a crash, but always under the same id: two ids are two settlements.
function messagesByTag(hits: readonly Hit[]): Map<string, Set<string>> {
  const messages = new Map<string, Set<string>>()
  for (const { url, headers } of hits) {
    const tag = url.startsWith('/done') ? new URL(url, 'http://site').searchParams.get('tag') : null
    const id = headers['webhook-id']
    if (tag === null || typeof id !== 'string') continue
    const ids = messages.get(tag) ?? new Set()
    messages.set(tag, ids.add(id))
  }
  return messages
}
