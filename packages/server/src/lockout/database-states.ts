// The guard's small states on our database: a change of some names is one transaction, and no other change of one of
// them comes between, in whatever process. SQLite has one writer anyway. On PostgreSQL each name has an advisory lock:
// rows could not be locked before they exist, and a row that another transaction deletes takes its lock with it.
import { createHash } from 'node:crypto'
import { type Database, decodeJson, encodeJson, type SqlValue } from '@levqor/database'
import { asSystem, type SystemTransaction } from '@levqor/database/system'
import type { KeptState, KeyedStates } from '@levqor/guard/lockout'

/** The table of one kind of state. Its columns: `id`, `state`, `changed_at`, `forget_at` and those of `columns`. */
export interface StateTable<S> {
  /** A constant of the program; it becomes part of statements. */
  readonly table: string
  /** Separates the advisory locks of the tables; any constant that no other table uses. */
  readonly lockSpace: number
  /** What the table keeps beside the state for looking through it. Constants of the program as keys. */
  readonly columns?: (state: S) => Readonly<Record<string, SqlValue>>
  readonly columnNames?: readonly string[]
}

/**
 * Keeps states in a table. Times come from the database's clock.
 * @param within makes changes part of this transaction instead of one of their own
 */
export function databaseStates<S extends KeptState>(
  database: Database,
  { table, lockSpace, columns = () => ({}), columnNames = [] }: StateTable<S>,
  within?: SystemTransaction,
): KeyedStates<S> {
  const names = ['id', 'state', 'changed_at', 'forget_at', ...columnNames]
  const updates = names.slice(1).map((name) => `${name} = excluded.${name}`)

  return {
    change: (ids, step) =>
      inTransaction(async (tx) => {
        if (tx.dialect === 'postgres') await lockNames(tx, lockSpace, ids)
        const now = database.clock.now()
        const kept = await read(tx, ids, now)
        const { states, result } = step(
          ids.map((id) => kept.get(id)),
          now,
        )
        const removed: string[] = []
        const written: SqlValue[][] = []
        for (const [i, id] of ids.entries()) {
          const state = states[i]
          if (state === kept.get(id)) continue
          if (state === undefined) removed.push(id)
          else written.push(rowOf(id, state, now))
        }
        await remove(tx, removed)
        await write(tx, written)
        return result
      }),
  }

  function inTransaction<T>(work: (tx: SystemTransaction) => Promise<T>): Promise<T> {
    return within === undefined ? asSystem(database).transaction(work) : work(within)
  }

  function rowOf(id: string, state: S, now: number): SqlValue[] {
    const extra = columns(state)
    const values = columnNames.map((name) => extra[name] ?? null)
    return [id, encodeJson(state), now, state.forgetAtMs, ...values]
  }

  /** One statement for all rows: an attempt changes three counters, and each round trip holds their locks. */
  async function write(tx: SystemTransaction, rows: readonly SqlValue[][]): Promise<void> {
    if (rows.length === 0) return
    const places = rows.map((_, i) => `(${numbered(names.length, i * names.length)})`)
    await tx.run(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES ${places.join(', ')}
         ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`,
      rows.flat(),
    )
  }

  async function remove(tx: SystemTransaction, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    await tx.run(`DELETE FROM ${table} WHERE id IN (${numbered(ids.length)})`, ids)
  }

  async function read(tx: SystemTransaction, ids: readonly string[], now: number): Promise<Map<string, S>> {
    const rows = await tx.query<{ id: string; state: string; forget_at: number }>(
      `SELECT id, state, forget_at FROM ${table} WHERE id IN (${numbered(ids.length)})`,
      ids,
    )
    const current = rows.filter((row) => row.forget_at > now)
    return new Map(current.map((row) => [row.id, decodeJson<S>(row.state)]))
  }
}

/** Deletes states that have lapsed; at most 1,000 a call. Resolves to how many. */
export function pruneStates(database: Database, table: string): Promise<number> {
  return asSystem(database).transaction((tx) =>
    tx.run(
      `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE forget_at <= $1 ORDER BY forget_at LIMIT 1000)`,
      [database.clock.now()],
    ),
  )
}

/** All locks of a change in one order, so that two changes never wait for each other in a circle. */
async function lockNames(tx: SystemTransaction, space: number, ids: readonly string[]): Promise<void> {
  const keys = new Set(ids.map((id) => createHash('sha256').update(id).digest().readInt32BE(0)))
  const sorted = [...keys].sort((a, b) => a - b)
  await tx.query(
    'SELECT pg_advisory_xact_lock($1::int, key::int) FROM unnest(string_to_array($2, $3)) AS key',
    [space, sorted.join(','), ','],
  )
}

function numbered(count: number, after = 0): string {
  return Array.from({ length: count }, (_, i) => `$${after + i + 1}`).join(', ')
}
