// The addresses in the box of this process: bounded, swept as it is used, without timers.
import type { Clock } from '../clock.ts'

/** What is remembered of one address. */
export interface PenaltyEntry {
  readonly clientIp: string
  readonly level: number
  readonly untilMs: number
  /** When other processes' word is asked for next. */
  askAtMs: number
  strikeAtMs: number
  humanUntilMs: number
  checking: { readonly token: string; readonly result: Promise<'ok' | 'failed' | 'unavailable'> } | undefined
}

/** A bounded table of addresses. */
export interface PenaltyTable {
  readonly size: number
  find(key: string): PenaltyEntry | undefined
  /** Adds or replaces an entry, keeping what is known about the person behind it. */
  put(key: string, clientIp: string, level: number, untilMs: number): void
  remove(key: string): void
  entries(): [string, PenaltyEntry][]
}

const sweepEveryMs = 1000

/** Creates a table; `ended` is told about every entry whose time is over. */
export function createPenaltyTable(
  maxAddresses: number,
  clock: Clock,
  ended: (entry: PenaltyEntry) => void,
): PenaltyTable {
  const kept = new Map<string, PenaltyEntry>()
  let sweepAtMs = 0
  return {
    get size() {
      return kept.size
    },
    find(key) {
      if (kept.size === 0) return undefined
      sweep()
      const entry = kept.get(key)
      if (entry === undefined || clock.now() < entry.untilMs) return entry
      kept.delete(key)
      ended(entry)
      return undefined
    },
    put(key, clientIp, level, untilMs) {
      const known = kept.get(key)
      kept.delete(key)
      const [oldest] = kept.keys()
      if (kept.size >= maxAddresses && oldest !== undefined) kept.delete(oldest)
      kept.set(key, {
        clientIp,
        level,
        untilMs,
        askAtMs: known?.askAtMs ?? 0,
        strikeAtMs: known?.strikeAtMs ?? 0,
        humanUntilMs: known?.humanUntilMs ?? 0,
        checking: known?.checking,
      })
    },
    remove: (key) => void kept.delete(key),
    entries() {
      sweepAtMs = 0
      sweep()
      return [...kept]
    },
  }

  /** At most once a second, so that an address that never comes back leaves the box too, and is told. */
  function sweep(): void {
    const now = clock.now()
    if (now < sweepAtMs) return
    sweepAtMs = now + sweepEveryMs
    for (const [key, entry] of kept) {
      if (now < entry.untilMs) continue
      kept.delete(key)
      ended(entry)
    }
  }
}
