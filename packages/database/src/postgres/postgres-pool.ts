// Pooled PostgreSQL as runners: prepared hot statements, one value vocabulary with SQLite, mapped errors.
import pg from 'pg'
import { runAfterCommit } from '../after-commit.ts'
import { databaseError, fromPostgresError } from '../database-error.ts'
import type { BuilderRunner, SqlValue } from '../sql-runner.ts'
import { toSqlValue } from '../sql-value.ts'

export interface PostgresTransaction {
  readonly runner: BuilderRunner
  afterCommit(fn: () => void): void
}

export interface PostgresPool {
  readonly reader: BuilderRunner
  transaction<T>(fn: (tx: PostgresTransaction) => Promise<T>): Promise<T>
  /** Runs a script of several statements on one connection that holds the migration lock. */
  exclusively<T>(
    fn: (runner: BuilderRunner, script: (sql: string) => Promise<void>) => Promise<T>,
  ): Promise<T>
  close(): Promise<void>
}

// Object identifiers of pg_type: int8, numeric, bool, json, jsonb. Both dialects return the same JavaScript values.
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  20: Number,
  1700: Number,
  16: (text) => (text === 't' ? 1 : 0),
  114: (text) => text,
  3802: (text) => text,
}
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const own = parsers[oid]
    // pg's typings offer one overload per format; the text one is all that is used here.
    return own ?? pg.types.getTypeParser(oid, format as 'text')
  },
}

// Any constant: processes that migrate the same database must agree on it.
const migrationLock = 7_164_893_021

const maxPreparedNames = 400

export function openPostgresPool(options: { url: string; poolSize: number }): PostgresPool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    types,
  })
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', () => undefined)
  const names = new Map<string, string>()

  function nameOf(sql: string): string | undefined {
    const known = names.get(sql)
    if (known || names.size >= maxPreparedNames) return known
    const name = `l${names.size}`
    names.set(sql, name)
    return name
  }

  function runnerOn(client: pg.Pool | pg.PoolClient, isFinished: () => boolean): BuilderRunner {
    async function send(sql: string, params: readonly SqlValue[], prepared: boolean) {
      if (isFinished()) throw databaseError('transaction_finished', 'This transaction has already ended.')
      const name = prepared ? nameOf(sql) : undefined
      try {
        return await client.query({ text: sql, values: params.map(toBuffer), ...(name ? { name } : {}) })
      } catch (error) {
        throw fromPostgresError(error)
      }
    }
    return {
      dialect: 'postgres',
      // The caller names the row shape of its own statement.
      query: async <R>(sql: string, params: readonly SqlValue[] = []) =>
        (await send(sql, params, true)).rows as R[],
      run: async (sql, params = []) => (await send(sql, params, true)).rowCount ?? 0,
      execute: async (sql, params) => {
        const result = await send(sql, params.map(toSqlValue), false)
        return { rows: result.rows, affected: result.rowCount ?? 0 }
      },
    }
  }

  async function withClient<T>(fn: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error: unknown) => {
      throw fromPostgresError(error)
    })
    let broken: Error | undefined
    const onError = (error: Error) => {
      broken = error
    }
    client.on('error', onError)
    try {
      return await fn(client)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'database_unavailable') broken = error
      throw error
    } finally {
      client.off('error', onError)
      client.release(broken)
    }
  }

  return {
    reader: runnerOn(pool, () => false),
    transaction: (fn) =>
      withClient(async (client) => {
        let finished = false
        const afterCommit: (() => void)[] = []
        const runner = runnerOn(client, () => finished)
        try {
          await command(client, 'BEGIN')
          const value = await fn({ runner, afterCommit: (hook) => void afterCommit.push(hook) })
          finished = true
          await command(client, 'COMMIT')
          runAfterCommit(afterCommit)
          return value
        } catch (error) {
          finished = true
          await rollback(client, error)
          throw error
        }
      }),
    exclusively: (fn) =>
      withClient(async (client) => {
        await command(client, `SELECT pg_advisory_lock(${migrationLock})`)
        try {
          return await fn(
            runnerOn(client, () => false),
            (sql) => command(client, sql),
          )
        } finally {
          await command(client, `SELECT pg_advisory_unlock(${migrationLock})`)
        }
      }),
    close: () => pool.end(),
  }
}

async function command(client: pg.PoolClient, sql: string): Promise<void> {
  try {
    await client.query(sql)
  } catch (error) {
    throw fromPostgresError(error)
  }
}

async function rollback(client: pg.PoolClient, reason: unknown): Promise<void> {
  try {
    await client.query('ROLLBACK')
  } catch (error) {
    // The connection is gone, which rolls back as well; the first error tells the caller more.
    throw databaseError('database_unavailable', 'The connection broke during a transaction.', reason ?? error)
  }
}

function toBuffer(value: SqlValue): SqlValue | Buffer {
  return value instanceof Uint8Array && !Buffer.isBuffer(value) ? Buffer.from(value) : value
}
