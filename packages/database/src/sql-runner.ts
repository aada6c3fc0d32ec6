// The one way a statement reaches a database: every store, verb and migration runs on this port.

/** A value that both dialects can bind. Booleans are 0/1, times epoch milliseconds, JSON text. */
export type SqlValue = string | number | null | Uint8Array

export type DialectName = 'sqlite' | 'postgres'

/**
 * Runs statements on one connection.
 *
 * Placeholders are `$1 … $n` in both dialects (never write a `$` followed by a digit inside a string literal).
 * Statements are prepared once and cached by their text, so build texts from constants, never from values.
 */
export interface SqlRunner {
  readonly dialect: DialectName
  /** Returns all rows. Integers arrive as numbers, JSON columns as text. Throws {@link DatabaseError}. */
  query<R>(sql: string, params?: readonly SqlValue[]): Promise<R[]>
  /** Returns the number of affected rows. Throws {@link DatabaseError}. */
  run(sql: string, params?: readonly SqlValue[]): Promise<number>
}

/** What the query builder needs on top: its texts vary, so they are not kept prepared on PostgreSQL. */
export interface BuilderRunner extends SqlRunner {
  execute(sql: string, params: readonly unknown[]): Promise<{ rows: unknown[]; affected: number }>
}
