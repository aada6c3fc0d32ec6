// The least that can be called a job store: one table on node:sqlite with a queue, a priority and a
// time; no lease, no retry, no history, no tenant.
// It is the floor that ours is compared with: what is above it is the price of the guarantees.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createIds } from '@levqor/server'
import type { Contestant } from '../harness/benchmark.ts'
import { batches, type Counts, concurrency, expectDone, inParallel, payload, perSecond } from './workload.ts'

type Synchronous = 'FULL' | 'NORMAL'

const schema = `CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    queue TEXT NOT NULL,
    state TEXT NOT NULL,
    priority INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    payload TEXT NOT NULL,
    result TEXT,
    worker TEXT,
    created_at INTEGER NOT NULL,
    claimed_at INTEGER,
    finished_at INTEGER
  ) STRICT;
  CREATE INDEX jobs_queued ON jobs (queue, priority, run_at) WHERE state = 'queued';`

interface ClaimedRow {
  readonly id: string
  readonly payload: string
}

function openThinStore(path: string, synchronous: Synchronous) {
  const database = new DatabaseSync(path)
  // The same identifiers as ours: random ones would scatter the index and cost more to make.
  const ids = createIds()
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; ${schema}`)
  const insert = database.prepare(
    `INSERT INTO jobs (id, queue, state, priority, run_at, payload, created_at) VALUES (?, 'default', 'queued', 1, ?, ?, ?)`,
  )
  const claim = database.prepare(`UPDATE jobs SET state = 'running', worker = ?, claimed_at = ?
    WHERE rowid IN (SELECT rowid FROM jobs INDEXED BY jobs_queued WHERE state = 'queued' AND queue = 'default'
      ORDER BY priority, run_at LIMIT ?)
    RETURNING id, payload`)
  const settle = database.prepare(
    `UPDATE jobs SET state = 'succeeded', result = ?, finished_at = ? WHERE id = ? AND state = 'running'`,
  )
  const count = database.prepare(`SELECT count(*) AS done FROM jobs WHERE state = 'succeeded'`)
  return {
    enqueue(value: unknown) {
      const now = Date.now()
      insert.run(ids.next(), now, JSON.stringify(value), now)
    },
    // The columns of RETURNING, in a table that is STRICT.
    claim: (limit: number) => claim.all('worker', Date.now(), limit) as unknown as ClaimedRow[],
    settle: (id: string, result: unknown) => settle.run(JSON.stringify(result), Date.now(), id),
    transaction(work: () => void) {
      database.exec('BEGIN IMMEDIATE')
      work()
      database.exec('COMMIT')
    },
    done: () => Number(count.get()?.done),
    close: () => database.close(),
  }
}

type ThinStore = ReturnType<typeof openThinStore>

export function thinStore(
  name: string,
  folder: string,
  synchronous: Synchronous,
  counts: Counts,
): Contestant {
  let round = 0
  return {
    name,
    async measure() {
      const own = join(folder, `${name}-${round++}`)
      mkdirSync(own)
      const store = openThinStore(join(own, 'jobs.db'), synchronous)
      try {
        const total = counts.single + counts.batched
        const enqueue = await perSecond(counts.single, () =>
          inParallel(counts.single, async () => store.enqueue(payload)),
        )
        const batched = await perSecond(counts.batched, async () => enqueueBatched(store, counts.batched))
        const processed = await perSecond(total, () =>
          Promise.all(Array.from({ length: concurrency }, () => processOneByOne(store))),
        )
        enqueueBatched(store, total)
        const processedBatched = await perSecond(total, () => processBatched(store))
        expectDone(name, 2 * total, store.done())
        return {
          enqueue_per_second: enqueue,
          enqueue_batched_per_second: batched,
          process_per_second: processed,
          process_batched_per_second: processedBatched,
        }
      } finally {
        store.close()
      }
    },
  }
}

function enqueueBatched(store: ThinStore, total: number): void {
  for (const size of batches(total)) {
    store.transaction(() => {
      for (let i = 0; i < size; i++) store.enqueue(payload)
    })
  }
}

async function emptyTask(job: ClaimedRow): Promise<unknown> {
  JSON.parse(job.payload)
  return null
}

/** A worker: one claim and one settlement per job, each a commit. */
async function processOneByOne(store: ThinStore): Promise<void> {
  for (let [job] = store.claim(1); job; [job] = store.claim(1)) {
    store.settle(job.id, await emptyTask(job))
  }
}

/** All slots filled by one claim and settled in one transaction. */
async function processBatched(store: ThinStore): Promise<void> {
  for (let jobs = store.claim(concurrency); jobs.length > 0; jobs = store.claim(concurrency)) {
    const results = await Promise.all(jobs.map(emptyTask))
    store.transaction(() => {
      for (const [index, job] of jobs.entries()) store.settle(job.id, results[index])
    })
  }
}
