// The lockout on a database, as the tests and the processes that they start open it.
import { randomUUID } from 'node:crypto'
import { type Database, openDatabase, type PackageSchema } from '@levqor/database'
import { type Clock, createSecret, noSecurityEvents, systemClock } from '@levqor/guard'
import { createLockout } from '@levqor/guard/lockout'
import { levqorLockout } from '@levqor/guard/presets'
import { databaseLockoutStore } from './database-lockout-store.ts'
import { lockoutTables } from './lockout-tables.ts'

const { sqlite, postgres, dataMap } = lockoutTables

export const lockoutSchema: PackageSchema = {
  name: 'lockout',
  migrations: [{ number: 1, name: 'lockout', sqlite, postgres }],
  dataMap,
}

export function lockoutOn(database: Database) {
  return createLockout({
    policy: levqorLockout,
    store: databaseLockoutStore(database),
    clock: database.clock,
    secret: createSecret('q3Zr8vN1x0LmPzT6uYwBkC5dHsJfGaEo', { name: 'TEST' }),
    events: noSecurityEvents,
    pseudonyms: (kind) => kind,
  })
}

/** Opened and closed by the caller, as a program that restarts does. */
export function openForRestart(url: string, clock: Clock = systemClock): Promise<Database> {
  return openDatabase({ url, schemas: [lockoutSchema], clock, ids: { next: randomUUID } })
}
