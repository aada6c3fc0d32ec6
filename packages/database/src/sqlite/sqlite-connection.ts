// One node:sqlite connection as a BuilderRunner: translated placeholders, cached statements, mapped errors.
import { closeSync, openSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { fromSqliteError } from '../database-error.ts'
import type { BuilderRunner, SqlValue } from '../sql-runner.ts'
import { toSqlValue } from '../sql-value.ts'

export interface SqliteConnection extends BuilderRunner {
  readonly isTransaction: boolean
  /** Runs a script without parameters. */
  exec(sql: string): void
  close(): void
}

export interface SqliteConnectionOptions {
  readonly path: string
  readonly readOnly: boolean
  readonly synchronous: 'FULL' | 'NORMAL'
  /** How long SQLite itself may block the thread for another process; the writer waits asynchronously instead. */
  readonly busyTimeoutMs: number
}

// A verb's statements are few; the bound only stops a builder that varies its texts from growing without end.
const maxStatements = 500

interface Prepared {
  readonly statement: StatementSync
  readonly returnsRows: boolean
}

export function openSqliteConnection(options: SqliteConnectionOptions): SqliteConnection {
  const db = openFile(options)
  const prepared = new Map<string, Prepared>()

  function prepare(sql: string): Prepared {
    const known = prepared.get(sql)
    if (known) return known
    const statement = db.prepare(sql.replace(/\$(\d+)/g, '?$1'))
    const entry = { statement, returnsRows: statement.columns().length > 0 }
    if (prepared.size >= maxStatements) {
      const oldest = prepared.keys().next()
      if (!oldest.done) prepared.delete(oldest.value)
    }
    prepared.set(sql, entry)
    return entry
  }

  function execute(sql: string, params: readonly SqlValue[]): { rows: unknown[]; affected: number } {
    try {
      const { statement, returnsRows } = prepare(sql)
      if (!returnsRows) return { rows: [], affected: Number(statement.run(...params).changes) }
      const rows = statement.all(...params)
      return { rows, affected: rows.length }
    } catch (error) {
      throw fromSqliteError(error)
    }
  }

  return {
    dialect: 'sqlite',
    get isTransaction() {
      return db.isTransaction
    },
    // The caller names the row shape of its own statement.
    query: async <R>(sql: string, params: readonly SqlValue[] = []) => execute(sql, params).rows as R[],
    run: async (sql, params = []) => execute(sql, params).affected,
    execute: async (sql, params) => execute(sql, params.map(toSqlValue)),
    exec(sql) {
      try {
        db.exec(sql)
      } catch (error) {
        throw fromSqliteError(error)
      }
    },
    close() {
      prepared.clear()
      db.close()
    },
  }
}

function openFile(options: SqliteConnectionOptions): DatabaseSync {
  try {
    // Readable by its owner only, whatever the folder allows; SQLite gives its log files the same mode.
    if (!options.readOnly) closeSync(openSync(options.path, 'a', 0o600))
    const db = new DatabaseSync(options.path, {
      readOnly: options.readOnly,
      enableForeignKeyConstraints: true,
      timeout: options.busyTimeoutMs,
    })
    if (!options.readOnly) {
      db.exec('PRAGMA journal_mode = WAL')
      // Erased personal data must not survive in free pages.
      db.exec('PRAGMA secure_delete = FAST')
    }
    db.exec(`PRAGMA synchronous = ${options.synchronous}`)
    db.exec('PRAGMA cache_size = -16000')
    db.exec('PRAGMA temp_store = MEMORY')
    return db
  } catch (error) {
    throw fromSqliteError(error)
  }
}
