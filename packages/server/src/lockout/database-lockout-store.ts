// Lockout counters on our database: they survive restarts and hold across processes.
import { type Database, decodeJson } from '@levqor/database'
import { asSystem, type SystemTransaction } from '@levqor/database/system'
import { type CounterState, type LockoutStore, lockoutRow, rowLimit } from '@levqor/guard/lockout'
import { databaseStates, pruneStates, type StateTable } from './database-states.ts'

// Written out so that a missing filter never changes which statement is prepared.
const everything = Number.MAX_SAFE_INTEGER

const table: StateTable<CounterState> = {
  table: 'lockout_counters',
  lockSpace: 0x6c6f636b,
  columnNames: ['kind', 'locked_until'],
  columns: (state) => ({ kind: state.kind, locked_until: state.lockedUntilMs }),
}

/**
 * @param within for an operator's unlocking: one transaction with its audit row
 * @example createLockout({ policy, store: databaseLockoutStore(database), secret, events, pseudonyms })
 */
export function databaseLockoutStore(database: Database, within?: SystemTransaction): LockoutStore {
  const states = databaseStates(database, table, within)
  return {
    change: (ids, step) => states.change(ids, step),
    async list(query) {
      const now = database.clock.now()
      const { after = { changedAtMs: everything, id: '' } } = query
      const rows = await asSystem(database).read.query<{ id: string; state: string; changed_at: number }>(
        `SELECT id, state, changed_at FROM lockout_counters
          WHERE forget_at > $1 AND locked_until > $2 AND ($3 = '' OR kind = $3)
            AND (changed_at < $4 OR (changed_at = $4 AND id < $5))
          ORDER BY changed_at DESC, id DESC LIMIT $6`,
        [
          now,
          query.lockedOnly === true ? now : -1,
          query.counter ?? '',
          after.changedAtMs,
          after.id,
          rowLimit(query),
        ],
      )
      return rows.map((row) => lockoutRow(row.id, decodeJson<CounterState>(row.state), row.changed_at, now))
    },
  }
}

/** Deletes counters that count nothing any more; at most 1,000 a call. Resolves to how many. */
export function pruneLockouts(database: Database): Promise<number> {
  return pruneStates(database, table.table)
}
