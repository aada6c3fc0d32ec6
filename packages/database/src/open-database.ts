// Opens either dialect behind one Database: handles for verbs, the system handle for the few that need it.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { databaseError } from './database-error.ts'
import { databaseSchema } from './database-schema.ts'
import {
  type SystemReader,
  type SystemTransaction,
  systemReader,
  systemTransaction,
  type WorkspaceReader,
  type WorkspaceTransaction,
  workspaceReader,
  workspaceTransaction,
} from './handles.ts'
import { migratePostgres, migrateSqlite } from './migrate.ts'
import { type DataMap, mergeDataMaps, type PackageSchema } from './package-schema.ts'
import { openPostgresPool } from './postgres/postgres-pool.ts'
import type { BuilderRunner, DialectName } from './sql-runner.ts'
import { openSqliteConnection } from './sqlite/sqlite-connection.ts'
import { createSqliteWriter } from './sqlite/sqlite-writer.ts'

/** Structural: anything that tells the time in epoch milliseconds. */
export interface Clock {
  now(): number
}

/** Structural: anything that makes UUIDv7 text (RFC 9562). */
export interface Ids {
  next(): string
}

export interface DatabaseOptions {
  /** `sqlite:/path/to/file.db` (the folder is made when it is missing) or `postgres://…`. */
  readonly url: string
  /** The packages whose tables live here; `audit_log` and its kin are always included. */
  readonly schemas: readonly PackageSchema[]
  readonly clock: Clock
  readonly ids: Ids
  /** SQLite: whether a commit waits for the disk. Default `FULL`, which survives a power cut. */
  readonly synchronous?: 'FULL' | 'NORMAL'
  /** PostgreSQL connections. Default 10. */
  readonly poolSize?: number
  /** SQLite: how long a transaction waits for another process, milliseconds. Default 5000. */
  readonly lockWaitMs?: number
  /** SQLite: a transaction callback that takes longer is rolled back, milliseconds. Default 5000. */
  readonly stuckAfterMs?: number
  /** Default true. */
  readonly migrate?: boolean
}

export interface Database {
  readonly dialect: DialectName
  readonly dataMap: DataMap
  readonly clock: Clock
  readonly ids: Ids
  workspace(workspaceId: string): {
    readonly read: WorkspaceReader
    transaction<T>(fn: (tx: WorkspaceTransaction) => Promise<T>): Promise<T>
  }
  /** Waits for running transactions, then closes. */
  close(): Promise<void>
}

/** The handle across workspaces. Reached through `@levqor/database/system`. */
export interface SystemHandle {
  readonly read: SystemReader
  transaction<T>(fn: (tx: SystemTransaction) => Promise<T>): Promise<T>
}

interface Engine {
  readonly reader: BuilderRunner
  transaction<T>(
    fn: (tx: { runner: BuilderRunner; afterCommit(fn: () => void): void }) => Promise<T>,
  ): Promise<T>
  close(): Promise<void>
}

const systemHandles = new WeakMap<Database, SystemHandle>()

/**
 * Opens and migrates.
 * @throws DatabaseError `bad_database_url`, `migration_changed`, `database_newer`, `database_unavailable`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const schemas = [databaseSchema, ...options.schemas]
  const dataMap = mergeDataMaps(schemas)
  const engine = await openEngine(options, schemas)
  const readerOf = keepReaders((workspaceId) => workspaceReader(engine.reader, workspaceId, dataMap))
  const database: Database = {
    dialect: engine.reader.dialect,
    dataMap,
    clock: options.clock,
    ids: options.ids,
    workspace: (workspaceId) => ({
      read: readerOf(workspaceId),
      transaction: (fn) =>
        engine.transaction((backing) => fn(workspaceTransaction(backing, workspaceId, dataMap))),
    }),
    close: () => engine.close(),
  }
  systemHandles.set(database, {
    read: systemReader(engine.reader),
    transaction: (fn) => engine.transaction((backing) => fn(systemTransaction(backing, dataMap))),
  })
  return database
}

// A query builder is made once per workspace and not once per request: making it cost a tenth of an intake.
const maxReaders = 1_000

function keepReaders(
  make: (workspaceId: string) => WorkspaceReader,
): (workspaceId: string) => WorkspaceReader {
  const kept = new Map<string, WorkspaceReader>()
  return (workspaceId) => {
    const known = kept.get(workspaceId)
    if (known) return known
    if (kept.size >= maxReaders) kept.clear()
    const made = make(workspaceId)
    kept.set(workspaceId, made)
    return made
  }
}

/** See `@levqor/database/system`. */
export function asSystem(database: Database): SystemHandle {
  const handle = systemHandles.get(database)
  if (!handle) throw databaseError('database_unavailable', 'This database was not opened by openDatabase.')
  return handle
}

async function openEngine(options: DatabaseOptions, schemas: readonly PackageSchema[]): Promise<Engine> {
  if (options.url.startsWith('sqlite:')) return openSqliteEngine(options, schemas)
  if (/^postgres(ql)?:\/\//.test(options.url)) return openPostgresEngine(options, schemas)
  throw databaseError('bad_database_url', 'A database URL starts with sqlite:, postgres:// or postgresql://.')
}

async function openSqliteEngine(
  options: DatabaseOptions,
  schemas: readonly PackageSchema[],
): Promise<Engine> {
  const path = options.url.slice('sqlite:'.length)
  if (path === '' || path === ':memory:') {
    throw databaseError(
      'bad_database_url',
      'Name a file after sqlite:, because reads use a second connection.',
    )
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const synchronous = options.synchronous ?? 'FULL'
  const writing = openSqliteConnection({ path, readOnly: false, synchronous, busyTimeoutMs: 5 })
  const writer = createSqliteWriter(writing, {
    lockWaitMs: options.lockWaitMs ?? 5_000,
    stuckAfterMs: options.stuckAfterMs ?? 5_000,
  })
  try {
    if (options.migrate ?? true) {
      await writer.transaction(({ runner }) =>
        migrateSqlite(runner, async (sql) => writing.exec(sql), schemas, options.clock.now()),
      )
    }
    const reading = openSqliteConnection({ path, readOnly: true, synchronous, busyTimeoutMs: 1_000 })
    return {
      reader: reading,
      transaction: (fn) => writer.transaction(fn),
      async close() {
        await writer.close()
        reading.close()
        writing.close()
      },
    }
  } catch (error) {
    await writer.close()
    writing.close()
    throw error
  }
}

async function openPostgresEngine(
  options: DatabaseOptions,
  schemas: readonly PackageSchema[],
): Promise<Engine> {
  const pool = openPostgresPool({ url: options.url, poolSize: options.poolSize ?? 10 })
  try {
    if (options.migrate ?? true) {
      await pool.exclusively((runner, script) =>
        migratePostgres(runner, script, schemas, options.clock.now()),
      )
    }
  } catch (error) {
    await pool.close()
    throw error
  }
  return { reader: pool.reader, transaction: (fn) => pool.transaction(fn), close: () => pool.close() }
}
