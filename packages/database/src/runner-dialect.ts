// Kysely on top of a runner: the builder writes SQL for the dialect, the runner alone talks to the database.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type KyselyPlugin,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { databaseError } from './database-error.ts'
import type { BuilderRunner } from './sql-runner.ts'

/** A query builder whose every statement runs on the given runner. It opens no transactions of its own. */
export function builderOn<T>(runner: BuilderRunner, plugins: readonly KyselyPlugin[] = []): Kysely<T> {
  return new Kysely<T>({ dialect: runnerDialect(runner), plugins: [...plugins] })
}

function runnerDialect(runner: BuilderRunner): Dialect {
  const sqlite = runner.dialect === 'sqlite'
  return {
    createDriver: () => runnerDriver(runner),
    createAdapter: () => (sqlite ? new SqliteAdapter() : new PostgresAdapter()),
    createQueryCompiler: () => (sqlite ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
    createIntrospector: (db) => (sqlite ? new SqliteIntrospector(db) : new PostgresIntrospector(db)),
  }
}

function runnerDriver(runner: BuilderRunner): Driver {
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery) {
      const { rows, affected } = await runner.execute(query.sql, query.parameters)
      // The builder derives R from the statement that it compiled.
      return { rows: rows as R[], numAffectedRows: BigInt(affected) }
    },
    streamQuery() {
      throw databaseError('database_failed', 'Streaming is not offered; page with a keyset cursor.')
    },
  }
  const refuse = async () => {
    throw databaseError('database_failed', 'Open transactions on the handle, not on the query builder.')
  }
  return {
    init: async () => undefined,
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => undefined,
    destroy: async () => undefined,
  }
}
