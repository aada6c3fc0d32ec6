// The two handles of a database: bound to a workspace (verbs) and across all of them (named, rare).
import type { Kysely } from 'kysely'
import { databaseError } from './database-error.ts'
import type { DataMap } from './package-schema.ts'
import { builderOn } from './runner-dialect.ts'
import type { BuilderRunner, DialectName, SqlRunner } from './sql-runner.ts'
import { workspacePlugin } from './tenancy/workspace-plugin.ts'

/** Reads of one workspace. Global tables can be read, tables of no data map cannot; raw statements are refused. */
export interface WorkspaceReader {
  readonly dialect: DialectName
  readonly workspaceId: string
  /** The query builder, typed by the tables the caller declares. Throws DatabaseError `system_handle_required`. */
  tables<T>(): Kysely<T>
}

/** Reads and writes of one workspace in one transaction. */
export interface WorkspaceTransaction extends WorkspaceReader {
  /** Runs once the transaction is on disk, never when it is rolled back. For wake-ups only. */
  afterCommit(fn: () => void): void
}

/** Reads across workspaces. */
export interface SystemReader extends SqlRunner {
  tables<T>(): Kysely<T>
}

/** Reads and writes across workspaces in one transaction. */
export interface SystemTransaction extends SystemReader {
  afterCommit(fn: () => void): void
}

interface Backing {
  readonly runner: BuilderRunner
  afterCommit(fn: () => void): void
}

// Which real transaction stands behind a handle. Not a property: only the system entry point may reach it.
const backings = new WeakMap<object, { readonly backing: Backing; readonly dataMap: DataMap }>()

export function workspaceReader(
  runner: BuilderRunner,
  workspaceId: string,
  dataMap: DataMap,
): WorkspaceReader {
  const builder = lazily(() => builderOn<never>(runner, [workspacePlugin(workspaceId, dataMap)]))
  return { dialect: runner.dialect, workspaceId, tables: typed(builder) }
}

export function workspaceTransaction(
  backing: Backing,
  workspaceId: string,
  dataMap: DataMap,
): WorkspaceTransaction {
  const handle = {
    ...workspaceReader(backing.runner, workspaceId, dataMap),
    afterCommit: (fn: () => void) => backing.afterCommit(fn),
  }
  backings.set(handle, { backing, dataMap })
  return handle
}

export function systemReader(runner: BuilderRunner): SystemReader {
  const builder = lazily(() => builderOn<never>(runner))
  return {
    dialect: runner.dialect,
    query: (sql, params) => runner.query(sql, params),
    run: (sql, params) => runner.run(sql, params),
    tables: typed(builder),
  }
}

export function systemTransaction(backing: Backing, dataMap: DataMap): SystemTransaction {
  const handle = { ...systemReader(backing.runner), afterCommit: (fn: () => void) => backing.afterCommit(fn) }
  backings.set(handle, { backing, dataMap })
  return handle
}

/** The system handle of the same transaction. See `@levqor/database/system` for who may ask. */
export function asSystemTransaction(tx: WorkspaceTransaction | SystemTransaction): SystemTransaction {
  if ('query' in tx) return tx
  const { backing, dataMap } = behind(tx)
  return systemTransaction(backing, dataMap)
}

/** The same transaction bound to one workspace, for whoever made the workspace in it. */
export function asWorkspaceTransaction(tx: SystemTransaction, workspaceId: string): WorkspaceTransaction {
  const { backing, dataMap } = behind(tx)
  return workspaceTransaction(backing, workspaceId, dataMap)
}

function behind(tx: WorkspaceTransaction | SystemTransaction) {
  const found = backings.get(tx)
  if (!found) throw databaseError('transaction_finished', 'This is not a transaction of this database.')
  return found
}

// The builder is the same object whatever tables its caller declares; only the type differs.
function typed(builder: () => Kysely<never>): <T>() => Kysely<T> {
  return <T>() => builder() as unknown as Kysely<T>
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
