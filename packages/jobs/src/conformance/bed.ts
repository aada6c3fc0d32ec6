// What the conformance suite needs from whoever runs it, and the few words its tests are written in.
import type { Database } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import type { EnqueueSpec, Job } from '../job.ts'
import type { JobStore, JobStoreOptions } from '../store/job-store.ts'
import type { JobsTransaction } from '../store/store-context.ts'

/** One fresh store on one fresh database, with a clock that moves only when told. */
export interface ConformanceBed {
  readonly store: JobStore
  readonly database: Database
  readonly clock: { now(): number; advance(ms: number): void }
}

/** Called once per test. */
export type OpenBed = (
  options?: Partial<Pick<JobStoreOptions, 'maxWaitingPerWorkspace' | 'followUps'>>,
) => Promise<ConformanceBed>

export const home = '01890000-0000-7000-8000-000000000001'
export const abroad = '01890000-0000-7000-8000-000000000002'
export const leaseMs = 30_000

export function write<T>(bed: ConformanceBed, fn: (tx: JobsTransaction) => Promise<T>): Promise<T> {
  return asSystem(bed.database).transaction(fn)
}

/** Enqueues one job per specification, each in its own transaction, and returns their ids. */
export async function put(bed: ConformanceBed, ...specs: Partial<EnqueueSpec>[]): Promise<string[]> {
  const ids: string[] = []
  for (const spec of specs) {
    const full = { workspaceId: home, kind: 'work', payload: null, ...spec }
    ids.push((await write(bed, (tx) => bed.store.enqueue(tx, full))).jobId)
  }
  return ids
}

export async function putOne(bed: ConformanceBed, spec: Partial<EnqueueSpec> = {}): Promise<string> {
  const [id] = await put(bed, spec)
  if (id === undefined) throw new Error('Nothing was enqueued.')
  return id
}

export function take(bed: ConformanceBed, limit = 1, workerId = 'worker-a'): Promise<Job[]> {
  return bed.store.claim({ workerId, queues: ['default'], limit, leaseMs })
}

export async function takeOne(bed: ConformanceBed, workerId = 'worker-a'): Promise<Job> {
  const [job] = await take(bed, 1, workerId)
  if (!job) throw new Error('Nothing to claim.')
  return job
}

export async function jobOf(bed: ConformanceBed, jobId: string): Promise<Job> {
  const job = await bed.store.get({ jobId })
  if (!job) throw new Error(`There is no job ${jobId}.`)
  return job
}

export async function settleOne(
  bed: ConformanceBed,
  settlement: Parameters<JobStore['settle']>[0][number],
): Promise<Job | undefined> {
  const [job] = await bed.store.settle([settlement])
  return job
}

export function succeed(bed: ConformanceBed, job: Job, result: unknown = null): Promise<Job | undefined> {
  return settleOne(bed, {
    jobId: job.id,
    claims: job.claims,
    to: 'succeeded',
    outcome: 'succeeded',
    result,
  })
}

/** Ends the job as dead. */
export function kill(bed: ConformanceBed, job: Job, code = 'broken'): Promise<Job | undefined> {
  return settleOne(bed, {
    jobId: job.id,
    claims: job.claims,
    to: 'dead',
    outcome: 'failed',
    failed: true,
    error: { code, message: code },
  })
}
