// The conformance suite of the job store: whatever claims to be one must pass it unchanged.
import { describe } from 'vitest'
import type { OpenBed } from './bed.ts'
import { claimsConformance } from './claims.ts'
import { historyConformance } from './history.ts'
import { intakeConformance } from './intake.ts'
import { peopleConformance } from './people.ts'
import { settlementsConformance } from './settlements.ts'

export type { ConformanceBed, OpenBed } from './bed.ts'

/**
 * Declares the tests with Vitest.
 *
 * @param open makes a fresh store for each test
 * @example
 * eachStore((test) => {
 *   jobStoreConformance(async (options) => {
 *     const clock = manualClock()
 *     const ids = realIds()
 *     const database = await test.open([jobsSchema], { clock, ids })
 *     return { database, clock, store: createJobStore({ database, clock, ids, ...options }) }
 *   })
 * })
 */
export function jobStoreConformance(open: OpenBed): void {
  describe('a job store', () => {
    intakeConformance(open)
    claimsConformance(open)
    settlementsConformance(open)
    peopleConformance(open)
    historyConformance(open)
  })
}
