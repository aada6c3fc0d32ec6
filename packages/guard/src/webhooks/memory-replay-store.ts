// Processed messages remembered in this process: for tests, and for a server that is one process and may forget when
// it restarts. Bounded: when it is full it refuses new messages instead of forgetting old ones.
import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { ReplayStore } from './replay-store.ts'

/** Settings of {@link createMemoryReplayStore}. */
export interface MemoryReplayStoreOptions {
  readonly clock: Clock
  /** Messages remembered at once (default 100,000: about 30 MB). */
  readonly maxEntries?: number
}

interface Entry {
  /** The holder's token; absent once committed. */
  readonly token: string | undefined
  readonly untilMs: number
}

/**
 * Remembers in memory.
 * @example
 * const replayStore = createMemoryReplayStore({ clock: systemClock })
 */
export function createMemoryReplayStore(
  options: MemoryReplayStoreOptions,
): ReplayStore & { readonly size: number } {
  const { clock, maxEntries = 100_000 } = options
  // One table per duration: within it the oldest entry is the first to end, so nothing is ever searched for.
  const tables = new Map<number, Map<string, Entry>>()
  return {
    async claim(key, leaseMs) {
      const now = clock.now()
      forgetEnded(now)
      const entry = find(key)
      if (entry !== undefined && entry.untilMs > now) {
        if (entry.token === undefined) return { state: 'committed' }
        return { state: 'in-progress', retryAfterMs: entry.untilMs - now }
      }
      if (entry === undefined && size() >= maxEntries) {
        throw new Error(`The memory of ${maxEntries} processed messages is full; use Redis or a database.`)
      }
      const token = randomUUID()
      put(key, { token, untilMs: now + leaseMs }, leaseMs)
      return { state: 'claimed', token }
    },
    async commit(key, rememberMs) {
      put(key, { token: undefined, untilMs: clock.now() + rememberMs }, rememberMs)
    },
    async release(key, token) {
      if (find(key)?.token === token) remove(key)
    },
    get size() {
      return size()
    },
  }

  function find(key: string): Entry | undefined {
    for (const table of tables.values()) {
      const entry = table.get(key)
      if (entry !== undefined) return entry
    }
    return undefined
  }

  function put(key: string, entry: Entry, durationMs: number): void {
    remove(key)
    const table = tables.get(durationMs)
    if (table === undefined) tables.set(durationMs, new Map([[key, entry]]))
    else table.set(key, entry)
  }

  function remove(key: string): void {
    for (const table of tables.values()) if (table.delete(key)) return
  }

  function size(): number {
    let size = 0
    for (const table of tables.values()) size += table.size
    return size
  }

  /** A few per call and table: every claim adds one entry, so more end than begin. */
  function forgetEnded(now: number): void {
    for (const table of tables.values()) {
      let left = 8
      for (const [key, { untilMs }] of table) {
        if (untilMs > now || left-- === 0) break
        table.delete(key)
      }
    }
  }
}
