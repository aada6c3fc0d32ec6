// Revocations between processes that share nothing but the database: each looks four times a second whether the count
// has moved. (A notification of the database itself was measured: one per row halves what PostgreSQL commits.)
import { busSilentAfterMs, type RevocationBus, type RevocationStore } from '@levqor/guard/tokens'

/** Settings of {@link databaseRevocationBus}. */
export interface DatabaseRevocationBusOptions {
  /** The one that the revocations are stored in. */
  readonly store: RevocationStore
  /** Pause between two looks (default 250 ms; at most 500, so that everybody knows within a second). */
  readonly everyMs?: number
}

const pageSize = 1000
/** Longer than any healthy look takes; the next one may get a better connection. */
const lookPatienceMs = 2000

/**
 * The bus. An answered look is a sign of life; without one for 2 s the bus counts as dead.
 * @throws RangeError for a pause above 500 ms
 * @example
 * const store = databaseRevocationStore(database)
 * const revocations = createRevocations({ store, bus: databaseRevocationBus({ store }), events })
 */
export function databaseRevocationBus(options: DatabaseRevocationBusOptions): RevocationBus {
  const { store, everyMs = 250 } = options
  if (!(everyMs > 0 && everyMs <= 500)) throw new RangeError('everyMs is above 0 and at most 500')
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  return {
    silentAfterMs: busSilentAfterMs,
    listen(listener) {
      let position: number | undefined
      const look = async () => {
        try {
          const head = await answered(store.head())
          if (stopped) return
          if (position === undefined || head < position) {
            // What came before is read by whoever listens; from here on nothing is missed.
            position = head
            listener.listening()
          }
          while (position < head && !stopped) position = await readPage(position, head)
          if (!stopped) listener.heard()
        } catch {
          // Silence says it; the next look goes on where this one stopped.
        }
        if (stopped) return
        timer = setTimeout(() => {
          looking = look()
        }, everyMs)
        timer.unref()
      }
      looking = look()

      /** Hands on a page and returns where the next begins. */
      async function readPage(after: number, head: number): Promise<number> {
        const page = await answered(store.since(after, pageSize))
        for (const { position: _, ...revocation } of page) if (!stopped) listener.revoked(revocation)
        const last = page.at(-1)?.position ?? after
        return page.length < pageSize ? Math.max(last, head) : last
      }
    },
    // Storing it was telling it.
    publish: async () => {},
    async stop() {
      stopped = true
      clearTimeout(timer)
      await looking
    },
  }
}

async function answered<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('No answer')), lookPatienceMs)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
