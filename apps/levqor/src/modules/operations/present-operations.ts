// From queues, dead jobs and stored mail to what the API says of them.
import { type DeadLetter, type OutboxMail, type QueueHealth, toPublicId } from '@levqor/client'
import type { Job, StoreStats, WorkerInfo } from '@levqor/jobs'
import type { StoredMail } from '@levqor/mail'
import { presentSummary, rfc3339 } from '../jobs/present-job.ts'

interface Health {
  readonly stats: StoreStats
  readonly workers: readonly WorkerInfo[]
  readonly store: 'sqlite' | 'postgres'
}

// The next job in line has waited this long although somebody could have taken it: something is wrong.
const slowHeadMs = 60_000

export function presentQueueHealth({ stats, workers, store }: Health): QueueHealth {
  const slow = stats.queues.some(({ headAgeMs }) => headAgeMs !== undefined && headAgeMs > slowHeadMs)
  const unserved = stats.workers === 0 && stats.totals.queued > 0
  return {
    status: slow || unserved ? 'degraded' : 'ok',
    dispatch: 'in-process',
    store,
    queues: stats.queues.map(({ queue, headAgeMs, ...counts }) => ({
      name: queue,
      ...counts,
      oldest_queued_seconds: headAgeMs === undefined ? null : Math.round(headAgeMs / 1_000),
    })),
    workers: workers.map((worker) => ({
      id: worker.workerId,
      slots: worker.concurrency,
      seen_at: rfc3339(worker.seenAt),
    })),
  }
}

export function presentDeadLetter(job: Job): DeadLetter {
  const { job_id, workflow, attempts, error, created_at, finished_at } = presentSummary(job)
  return {
    job_id,
    workflow,
    attempts,
    crashes: job.crashes,
    error,
    created_at,
    died_at: finished_at ?? created_at,
    redrives: job.redrives,
  }
}

export function presentOutboxMail(mail: StoredMail): OutboxMail {
  return {
    id: toPublicId('mail', mail.id),
    to: mail.to,
    subject: mail.subject,
    template: mail.template,
    state: mail.state,
    error: mail.lastError ?? null,
    created_at: rfc3339(mail.createdAt),
  }
}
