// Before the first request: a limit store that cannot be reached stops the start, instead of every door falling back.
import { guardError } from '../errors.ts'
import { compileLimit } from '../limits/limit.ts'
import type { LimitStore } from '../limits/limit-store.ts'
import { within } from '../within.ts'

// Charged, not only asked: a store that can be read but not written is of no use either.
const startUp = compileLimit({ name: 'start-up', by: 'global', quota: 1_000_000, windowMs: 60_000 })

/**
 * Charges the store once.
 * @throws GuardError `store_unreachable`
 */
export async function checkStore(store: LimitStore, timeoutMs: number): Promise<void> {
  try {
    // Called inside, so that a store that throws at once counts too.
    await within(timeoutMs, (async () => store.take([{ limit: startUp, subject: '' }]))())
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw guardError(
      'store_unreachable',
      `The limit store cannot be reached (${cause}). Start it, or correct its address; one process alone needs none: createMemoryLimitStore.`,
    )
  }
}
