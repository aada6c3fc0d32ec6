// One rule for what may be bound, so that a value that works on one dialect works on the other.
import { databaseError } from './database-error.ts'
import type { SqlValue } from './sql-runner.ts'

/** Accepts what the query builder hands over: booleans become 0/1, anything else that is no SQL value is refused. */
export function toSqlValue(value: unknown): SqlValue {
  if (value === null || typeof value === 'string' || value instanceof Uint8Array) return value
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
  } else if (typeof value === 'boolean') return value ? 1 : 0
  else if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value)
  throw databaseError(
    'bad_sql_value',
    `A ${value === undefined ? 'value that is undefined' : `${typeof value} (${Object.prototype.toString.call(value)})`} cannot be stored; encode it first (encodeJson for objects, epoch milliseconds for times).`,
  )
}
