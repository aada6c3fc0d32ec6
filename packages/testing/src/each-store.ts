// The same tests on both databases: what holds on one and not on the other is a bug.
import { type Database, openDatabase, type PackageSchema } from '@levqor/database'
import { afterEach, describe } from 'vitest'
import { systemClock } from './clock.ts'
import { realIds } from './ids.ts'
import { postgresForTests } from './postgres/postgres-for-tests.ts'
import { sqliteForTests } from './sqlite-for-tests.ts'

type OpenOptions = Parameters<typeof openDatabase>[0]

export interface TestStore {
  readonly name: 'sqlite' | 'postgres'
  /**
   * Opens and migrates a database. A fresh one each time, unless `overrides.url` names one that `fresh()`
   * made, which is how a test gets a second handle on the same data (another process, a restart).
   * Everything is closed and dropped after the test.
   */
  open(schemas: readonly PackageSchema[], overrides?: Partial<OpenOptions>): Promise<Database>
  /** Connection string of an empty database that nobody has opened. */
  fresh(): Promise<string>
}

/**
 * Declares the tests once for SQLite and once for PostgreSQL. Open databases in tests or `beforeEach`,
 * not in `beforeAll`: they end with the test.
 *
 * @example
 * eachStore((store) => {
 *   it('remembers', async () => { const db = await store.open([mySchema]) … })
 * })
 */
export function eachStore(define: (store: TestStore) => void): void {
  for (const name of ['sqlite', 'postgres'] as const) {
    describe(`on ${name}`, () => {
      const opened: Database[] = []
      const drops: (() => Promise<void>)[] = []

      const store: TestStore = {
        name,
        async fresh() {
          const made = await (name === 'sqlite' ? sqliteForTests() : postgresForTests())
          drops.push(made.drop)
          return made.url
        },
        async open(schemas, overrides = {}) {
          const url = overrides.url ?? (await store.fresh())
          const database = await openDatabase({
            schemas,
            clock: systemClock,
            ids: realIds(),
            ...overrides,
            url,
          })
          opened.push(database)
          return database
        },
      }

      afterEach(async () => {
        // Last opened, first closed; databases are dropped only when no handle is left.
        for (const database of opened.splice(0).reverse()) await database.close()
        for (const drop of drops.splice(0)) await drop()
      })

      define(store)
    })
  }
}
