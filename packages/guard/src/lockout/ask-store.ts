// Asking a store that may be slow or gone. It costs a request a bounded time, and each change between working and
// failing is one event, however many requests meet it.
import type { SecurityEventName } from '../events/catalogue.ts'
import type { SecurityEvents } from '../events/event-pipeline.ts'
import { within } from '../within.ts'

/** What the store said, or that it said nothing. */
export type StoreAnswer<T> = { readonly answered: true; readonly value: T } | { readonly answered: false }

/** Settings of {@link createStoreAsk}. */
export interface StoreAskOptions {
  readonly events: SecurityEvents
  readonly failed: SecurityEventName
  readonly recovered: SecurityEventName
  readonly patienceMs: number
}

/** Default patience: a database under load still answers, a person who signs in still waits. */
export const defaultPatienceMs = 2_000

/** The returned function never rejects. An answer that comes too late is ignored. */
export function createStoreAsk(
  options: StoreAskOptions,
): <T>(work: () => Promise<T>) => Promise<StoreAnswer<T>> {
  const { events, failed, recovered, patienceMs } = options
  let failing = false
  return async (work) => {
    try {
      const value = await within(patienceMs, work())
      if (failing) {
        failing = false
        events.emit({ event: recovered })
      }
      return { answered: true, value }
    } catch {
      if (!failing) {
        failing = true
        events.emit({ event: failed })
      }
      return { answered: false }
    }
  }
}
