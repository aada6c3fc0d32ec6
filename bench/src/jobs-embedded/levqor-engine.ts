// Our store and runner on SQLite, through the same doors that the product uses.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import {
  createJobStore,
  createRunner,
  type JobStore,
  type JobWorkflow,
  jobsSchema,
  type Task,
} from '@levqor/jobs'
import { mailSchema } from '@levqor/mail'
import { createIds } from '@levqor/server'
import { systemClock } from '@levqor/testing'
import { workflowsSchema } from '@levqor/workflows'
import { batches, concurrency, inParallel, nextTurn, payload } from './workload.ts'

export interface LevqorEngine {
  readonly database: Database
  readonly store: JobStore
  readonly workspaceId: string
  /** One transaction per job, several callers. */
  enqueue(kind: string, count: number, workflow?: JobWorkflow): Promise<void>
  /** A thousand jobs to a transaction. */
  enqueueBatched(kind: string, count: number): Promise<void>
  /** Starts a runner and resolves when `count` jobs are settled on disk. */
  process(task: Task, count: number): Promise<void>
  succeeded(): Promise<number>
  close(): Promise<void>
}

export async function openLevqorEngine(
  folder: string,
  synchronous: 'FULL' | 'NORMAL',
): Promise<LevqorEngine> {
  mkdirSync(folder)
  const clock = systemClock
  const ids = createIds(clock)
  const database = await openDatabase({
    url: `sqlite:${join(folder, 'jobs.db')}`,
    schemas: [jobsSchema, mailSchema, workflowsSchema],
    synchronous,
    clock,
    ids,
  })
  const store = createJobStore({ database, clock, ids })
  const workspaceId = ids.next()
  const workspace = database.workspace(workspaceId)

  // Stopping is not part of what is measured.
  let stopping: Promise<void> | undefined

  return {
    database,
    store,
    workspaceId,
    enqueue(kind, count, workflow) {
      const spec = { workspaceId, kind, payload, ...(workflow ? { workflow } : {}) }
      return inParallel(count, () => workspace.transaction((tx) => store.enqueue(tx, spec)))
    },
    async enqueueBatched(kind, count) {
      for (const size of batches(count)) {
        await workspace.transaction(async (tx) => {
          for (let i = 0; i < size; i++) await store.enqueue(tx, { workspaceId, kind, payload })
        })
      }
    },
    async process(task, count) {
      let begun = 0
      const counting: Task = {
        ...task,
        run(context) {
          begun += 1
          return task.run(context)
        },
      }
      const runner = createRunner({ store, tasks: [counting], concurrency, retention: false })
      runner.start()
      try {
        // Looked at rarely until the last job has begun: waiting must not eat the time that is measured.
        while (begun < count) await new Promise((resolve) => setTimeout(resolve, 1))
        while (runner.running > 0) await nextTurn()
      } finally {
        stopping = runner.stop({ handBackAfterMs: 0 })
      }
    },
    async succeeded() {
      const [row] = await asSystem(database).read.query<{ done: number }>(
        `SELECT count(*) AS done FROM jobs WHERE state = 'succeeded'`,
      )
      return row?.done ?? 0
    },
    async close() {
      await stopping
      await database.close()
    },
  }
}
