// The single writer of a SQLite file: an asynchronous queue whose waiting transactions share one COMMIT.
//
// Every caller gets its own savepoint, so one failing transaction never takes its neighbours with it, and nobody
// is answered before the shared COMMIT has reached the disk. Measured with 32 concurrent callers at
// synchronous=FULL, one COMMIT per transaction is bound by the disk's sync; see docs/decisions/0003.
import { runAfterCommit } from '../after-commit.ts'
import { databaseError } from '../database-error.ts'
import type { BuilderRunner } from '../sql-runner.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

export interface WriterTransaction {
  readonly runner: BuilderRunner
  afterCommit(fn: () => void): void
}

export interface SqliteWriter {
  transaction<T>(fn: (tx: WriterTransaction) => Promise<T>): Promise<T>
  /** Waits for the queue to empty. */
  close(): Promise<void>
}

export interface SqliteWriterOptions {
  /** How long a transaction waits for another process that holds the file's write lock. */
  readonly lockWaitMs: number
  /** A callback that takes longer is waiting for something that is not the database; it is rolled back. */
  readonly stuckAfterMs: number
}

interface Waiting {
  run(tx: WriterTransaction): Promise<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
  /** When the caller came, by `performance.now()`. */
  readonly since: number
}

interface Finished {
  readonly waiting: Waiting
  readonly value: unknown
  readonly afterCommit: readonly (() => void)[]
}

const maxGroup = 64

export function createSqliteWriter(connection: SqliteConnection, options: SqliteWriterOptions): SqliteWriter {
  const queue: Waiting[] = []
  let draining: Promise<void> | undefined
  let closed = false
  // A rollback has failed: nothing of the current transaction may be committed.
  let lost = false

  async function drain(): Promise<void> {
    try {
      // One turn of the event loop lets requests that arrived together share a commit.
      await nextTurn()
      while (queue.length > 0) {
        const group = queue.splice(0, maxGroup)
        await commitGroup(group)
        if (queue.length > 0) await nextTurn()
      }
    } finally {
      draining = undefined
    }
  }

  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      await begin(group[0]?.since ?? performance.now())
    } catch (error) {
      for (const waiting of group) waiting.reject(error)
      return
    }
    const finished: Finished[] = []
    for (const [index, waiting] of group.entries()) {
      const outcome = await runOne(waiting, group.length > 1)
      if ('failure' in outcome) {
        waiting.reject(outcome.failure)
        if (lost || (!connection.isTransaction && group.length > 1)) {
          // SQLite rolled the whole transaction back by itself (disk full, I/O error): nobody's work was kept.
          for (const done of finished) done.waiting.reject(outcome.failure)
          queue.unshift(...group.slice(index + 1))
          return
        }
      } else finished.push({ waiting, ...outcome })
    }
    commit(finished)
  }

  // The wait counts from when the oldest caller came, so that those behind a long lock do not wait in turn.
  async function begin(since: number): Promise<void> {
    const deadline = since + options.lockWaitMs
    for (let attempt = 0; ; attempt++) {
      try {
        // Left over only when a rollback itself had failed.
        if (connection.isTransaction) connection.exec('ROLLBACK')
        lost = false
        // IMMEDIATE: a deferred transaction that turns into a writer can fail with a busy snapshot, unretryably.
        connection.exec('BEGIN IMMEDIATE')
        return
      } catch (error) {
        const busy = error instanceof Error && 'code' in error && error.code === 'database_busy'
        if (!busy || performance.now() >= deadline) throw error
        await delay(Math.min(20, 1 + attempt))
      }
    }
  }

  async function runOne(
    waiting: Waiting,
    inGroup: boolean,
  ): Promise<{ failure: unknown } | { value: unknown; afterCommit: (() => void)[] }> {
    const afterCommit: (() => void)[] = []
    const { runner, finish } = revocable(connection)
    try {
      if (inGroup) connection.exec('SAVEPOINT one')
      const work = waiting.run({ runner, afterCommit: (fn) => void afterCommit.push(fn) })
      const value = await withWatchdog(work, options.stuckAfterMs)
      finish()
      if (inGroup) connection.exec('RELEASE one')
      return { value, afterCommit }
    } catch (failure) {
      finish()
      undo(inGroup ? 'ROLLBACK TO one; RELEASE one' : 'ROLLBACK')
      return { failure }
    }
  }

  function commit(finished: readonly Finished[]): void {
    try {
      if (connection.isTransaction) connection.exec('COMMIT')
    } catch (error) {
      undo('ROLLBACK')
      for (const { waiting } of finished) waiting.reject(error)
      return
    }
    for (const { waiting, value, afterCommit } of finished) {
      waiting.resolve(value)
      runAfterCommit(afterCommit)
    }
  }

  // A rollback that fails (an I/O error) must not leave callers waiting for ever. The whole transaction is given up
  // then; SQLite undoes it from its log when the file is next opened, at the latest.
  function undo(statement: string): void {
    if (!connection.isTransaction) return
    try {
      connection.exec(statement)
    } catch {
      try {
        connection.exec('ROLLBACK')
      } catch {
        // The next group tries once more before it begins, and is told the error if it persists.
        lost = true
      }
    }
  }

  return {
    transaction<T>(fn: (tx: WriterTransaction) => Promise<T>): Promise<T> {
      if (closed) return Promise.reject(databaseError('database_unavailable', 'The database is closed.'))
      return new Promise<T>((resolve, reject) => {
        // `resolve` receives what this very `run` returned.
        queue.push({
          run: fn,
          resolve: resolve as (value: unknown) => void,
          reject,
          since: performance.now(),
        })
        draining ??= drain()
      })
    },
    async close() {
      closed = true
      while (draining) await draining
    },
  }
}

// A handle that outlives its transaction must not write into somebody else's.
function revocable(connection: SqliteConnection): { runner: BuilderRunner; finish(): void } {
  let finished = false
  const check = () => {
    if (finished) throw databaseError('transaction_finished', 'This transaction has already ended.')
  }
  return {
    finish() {
      finished = true
    },
    runner: {
      dialect: 'sqlite',
      query: async (sql, params) => {
        check()
        return connection.query(sql, params)
      },
      run: async (sql, params) => {
        check()
        return connection.run(sql, params)
      },
      execute: async (sql, params) => {
        check()
        return connection.execute(sql, params)
      },
    },
  }
}

async function withWatchdog<T>(work: Promise<T>, stuckAfterMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const stuck = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        databaseError(
          'transaction_stuck',
          `A transaction held the writer for ${stuckAfterMs} ms; it may only await the database.`,
        ),
      )
    }, stuckAfterMs)
  })
  try {
    return await Promise.race([work, stuck])
  } finally {
    clearTimeout(timer)
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
