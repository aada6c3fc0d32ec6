// Settles in groups: while one transaction is on its way, the jobs that end meanwhile wait for the next one.
import { isTransientDatabaseError } from '@levqor/database'
import type { Job } from '../job.ts'
import type { JobStore } from '../store/job-store.ts'
import type { Settlement } from '../store/settle.ts'
import { factsOf } from './error-facts.ts'
import type { RunnerLog } from './runner-log.ts'

export interface SettleQueue {
  /** The job as settled, or undefined when the claim was void (or the process stops without a database). */
  push(settlement: Settlement): Promise<Job | undefined>
  /** Settlements still waiting for a database that is away are given up; their leases will end. */
  giveUp(): void
}

interface Waiting {
  readonly settlement: Settlement
  resolve(job: Job | undefined): void
}

const maxGroup = 100

export function createSettleQueue(
  store: Pick<JobStore, 'settle'>,
  lanes: number,
  log: RunnerLog,
): SettleQueue {
  const queue: Waiting[] = []
  const sleepers = new Set<() => void>()
  let flying = 0
  let stopped = false

  function launch(): void {
    while (flying < lanes && queue.length > 0) {
      flying += 1
      const group = queue.splice(0, maxGroup)
      void settleGroup(group).finally(() => {
        flying -= 1
        launch()
      })
    }
  }

  async function settleGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const jobs = await store.settle(group.map((waiting) => waiting.settlement))
      group.forEach((waiting, index) => {
        waiting.resolve(jobs[index])
      })
    } catch (error) {
      const [only, ...others] = group
      if (only && others.length === 0) await settleAlone(only, error)
      // One bad settlement must not hold its neighbours: each gets a transaction of its own.
      else for (const waiting of group) await settleGroup([waiting])
    }
  }

  async function settleAlone(waiting: Waiting, first: unknown): Promise<void> {
    let { settlement } = waiting
    let error = first
    for (let attempt = 0; ; attempt++) {
      if (stopped) return waiting.resolve(undefined)
      if (isTransientDatabaseError(error)) {
        if (attempt === 0)
          log.warn({ jobId: settlement.jobId, err: error }, 'settlement waits for the database')
        await sleep(Math.min(100 * 2 ** attempt, 5_000))
      } else {
        log.error({ jobId: settlement.jobId, err: error }, 'settlement was refused by the database')
        if (settlement.error?.code === refused) return waiting.resolve(undefined)
        settlement = asRefused(settlement, error)
      }
      try {
        const [job] = await store.settle([settlement])
        return waiting.resolve(job)
      } catch (next) {
        error = next
      }
    }
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        sleepers.delete(done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      sleepers.add(done)
    })
  }

  return {
    push: (settlement) =>
      new Promise((resolve) => {
        queue.push({ settlement, resolve })
        // A turn of the event loop lets jobs that end together share the first transaction too.
        setImmediate(launch)
      }),
    giveUp() {
      stopped = true
      for (const done of [...sleepers]) done()
    },
  }
}

const refused = 'settlement_refused'

/** The result, a follow-up job or `also` cannot be written, now or later: the job is dead and says why. */
function asRefused(settlement: Settlement, error: unknown): Settlement {
  return {
    jobId: settlement.jobId,
    claims: settlement.claims,
    to: 'dead',
    outcome: 'failed',
    failed: true,
    error: { code: refused, message: factsOf(error).message },
  }
}
