// Errors of both drivers in one vocabulary, so that callers decide by code and never by dialect.

export type DatabaseErrorCode =
  | 'database_busy'
  | 'database_full'
  | 'database_unavailable'
  | 'database_failed'
  | 'unique_violation'
  | 'constraint_violation'
  | 'serialization_failure'
  | 'transaction_finished'
  | 'transaction_stuck'
  | 'migration_changed'
  | 'database_newer'
  | 'bad_database_url'
  | 'bad_cursor'
  | 'bad_sql_value'
  | 'workspace_mismatch'
  | 'system_handle_required'

/** An error with a stable code; `cause` keeps the driver's own error. */
export interface DatabaseError extends Error {
  readonly code: DatabaseErrorCode
}

export function databaseError(code: DatabaseErrorCode, message: string, cause?: unknown): DatabaseError {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { code })
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}

/** True when a unique index refused a row. */
export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === 'unique_violation'
}

const transientCodes: ReadonlySet<unknown> = new Set<DatabaseErrorCode>([
  'database_busy',
  'database_full',
  'database_unavailable',
  'serialization_failure',
  'transaction_stuck',
])

/** True when nothing was written and the same call may succeed later. */
export function isTransientDatabaseError(error: unknown): boolean {
  return transientCodes.has(codeOf(error))
}

// Primary result codes, https://www.sqlite.org/rescode.html
const sqliteCodes: Readonly<Record<number, DatabaseErrorCode>> = {
  5: 'database_busy',
  6: 'database_busy',
  7: 'database_unavailable',
  8: 'database_unavailable',
  10: 'database_unavailable',
  13: 'database_full',
  14: 'database_unavailable',
  19: 'constraint_violation',
}
const sqliteUniqueCodes: ReadonlySet<number> = new Set([1555, 2067, 2579])

export function fromSqliteError(error: unknown): Error {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') {
    return error instanceof Error ? error : databaseError('database_failed', String(error))
  }
  if (sqliteUniqueCodes.has(error.errcode)) return databaseError('unique_violation', error.message, error)
  return databaseError(sqliteCodes[error.errcode & 0xff] ?? 'database_failed', error.message, error)
}

// SQLSTATE classes, https://www.postgresql.org/docs/current/errcodes-appendix.html
const postgresCodes: Readonly<Record<string, DatabaseErrorCode>> = {
  '23505': 'unique_violation',
  '40001': 'serialization_failure',
  '40P01': 'serialization_failure',
  '55P03': 'database_busy',
  '57014': 'database_busy',
  '53100': 'database_full',
}
const postgresClasses: Readonly<Record<string, DatabaseErrorCode>> = {
  '08': 'database_unavailable',
  '22': 'bad_sql_value',
  '23': 'constraint_violation',
  '53': 'database_unavailable',
  '57': 'database_unavailable',
  '58': 'database_unavailable',
}

export function fromPostgresError(error: unknown): Error {
  if (!(error instanceof Error)) return databaseError('database_failed', String(error))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (/^[0-9A-Z]{5}$/.test(code)) {
    const mapped = postgresCodes[code] ?? postgresClasses[code.slice(0, 2)] ?? 'database_failed'
    return databaseError(mapped, error.message, error)
  }
  // Socket errors (ECONNREFUSED …) and the pool's own messages carry no SQLSTATE.
  if (/^E[A-Z]+$/.test(code) || /connection|timeout|Cannot use a pool/i.test(error.message)) {
    return databaseError('database_unavailable', error.message || code, error)
  }
  return error
}
