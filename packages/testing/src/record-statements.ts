// What a database is asked, in order and in its own words: the only witness that two requests take the same path.
import { StatementSync } from 'node:sqlite'
import pg from 'pg'

export interface StatementRecord {
  readonly statements: string[]
  /** Puts everything back. */
  stop(): void
}

/** Records every statement of this process, on either database. @example const { statements, stop } = recordStatements() */
export function recordStatements(): StatementRecord {
  const statements: string[] = []
  const { all, run } = StatementSync.prototype
  const { query } = pg.Client.prototype
  // Overloaded, like the next: whatever is given is handed on as it is.
  StatementSync.prototype.all = function (this: StatementSync, ...values: unknown[]) {
    statements.push(this.sourceSQL)
    return Reflect.apply(all, this, values)
  } as typeof all
  StatementSync.prototype.run = function (this: StatementSync, ...values: unknown[]) {
    statements.push(this.sourceSQL)
    return Reflect.apply(run, this, values)
  } as typeof run
  pg.Client.prototype.query = function (this: pg.Client, ...values: unknown[]) {
    const [first] = values
    statements.push(typeof first === 'string' ? first : String(Object(first).text))
    return Reflect.apply(query, this, values)
  } as typeof query
  return {
    statements,
    stop() {
      Object.assign(StatementSync.prototype, { all, run })
      Object.assign(pg.Client.prototype, { query })
    },
  }
}
