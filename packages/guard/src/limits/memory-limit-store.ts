// Limits counted in this process. Answers synchronously, so "all or none" needs no lock.
import type { Clock } from '../clock.ts'
import { guardError } from '../errors.ts'
import type { Limit, LimitState } from './limit.ts'
import type { LimitCharge, LimitStore, LimitVerdict } from './limit-store.ts'
import { boundedSubject } from './limit-subject.ts'
import { createLimitTable, type LimitTable } from './limit-table.ts'
import { settleLimit } from './settle-limit.ts'

/** Settings of {@link createMemoryLimitStore}. */
export interface MemoryLimitStoreOptions {
  readonly clock: Clock
  /**
   * Subjects remembered one by one, per limit (default 100,000). When full they take about 15 MB per limit, 40 MB for
   * a sliding window.
   */
  readonly maxKeysPerLimit?: number
  /** Shared buckets for the rest, a power of two (default 4096). */
  readonly coarseBuckets?: number
}

/** A store that answers at once and can tell how many subjects it remembers. */
export interface MemoryLimitStore extends LimitStore {
  take(charges: readonly LimitCharge[]): LimitVerdict
  peek(charges: readonly LimitCharge[]): LimitVerdict
  readonly size: number
}

/**
 * Counts in memory, within a fixed bound however many addresses a flood brings.
 * @throws GuardError `bad_limit_store` for sizes that are not counts
 * @example
 * const store = createMemoryLimitStore({ clock: systemClock })
 */
export function createMemoryLimitStore(options: MemoryLimitStoreOptions): MemoryLimitStore {
  const { clock, maxKeysPerLimit = 100_000, coarseBuckets = 4096 } = options
  if (!(Number.isSafeInteger(maxKeysPerLimit) && maxKeysPerLimit > 0 && isPowerOfTwo(coarseBuckets))) {
    const fix = 'maxKeysPerLimit is a positive whole number, coarseBuckets a power of two up to 2^20.'
    throw guardError('bad_limit_store', fix, { maxKeysPerLimit, coarseBuckets })
  }
  const tables = new Map<string, LimitTable>()
  // What was found while checking, used again while charging. Kept between calls: nothing to allocate, and the tables
  // of the limits asked last are still at hand (a third of the call, measured, was looking them up again).
  const askedLimit: Limit[] = []
  const askedTable: LimitTable[] = []
  const foundAt: number[] = []
  const foundWait: number[] = []
  return {
    take: (charges) => decide(charges, true),
    peek: (charges) => decide(charges, false),
    get size() {
      let size = 0
      for (const table of tables.values()) size += table.size
      return size
    },
  }

  function decide(charges: readonly LimitCharge[], charging: boolean): LimitVerdict {
    const now = Math.floor(clock.now() * 1000)
    let longest = 0
    for (let i = 0; i < charges.length; i++) {
      const charge = charges[i]
      if (charge === undefined) continue
      const { limit, subject } = charge
      const table = tableFor(limit, i)
      const at = table.find(boundedSubject(subject), limit, now, charging)
      const wait = table.algorithm.waitMicros(table.state, at, limit, now)
      foundAt[i] = at
      foundWait[i] = wait
      if (wait > longest) longest = wait
    }
    const taking = charging && longest === 0
    // Sized at once: a list that grows by itself takes room for sixteen more (a tenth of the call, measured).
    const states = new Array<LimitState>(charges.length)
    for (let i = 0; i < charges.length; i++) {
      const limit = charges[i]?.limit
      if (limit === undefined) continue
      const { algorithm, state } = tableFor(limit, i)
      states[i] = settleLimit(algorithm, state, foundAt[i] ?? 0, limit, foundWait[i] ?? 0, taking, now)
    }
    return { allowed: longest === 0, states, retryAfterMs: Math.ceil(longest / 1000) }
  }

  function tableFor(limit: Limit, i: number): LimitTable {
    const asked = askedTable[i]
    if (asked !== undefined && askedLimit[i] === limit) return asked
    let table = tables.get(limit.countKey)
    if (table === undefined) {
      table = createLimitTable(limit, maxKeysPerLimit, coarseBuckets)
      tables.set(limit.countKey, table)
    }
    askedLimit[i] = limit
    askedTable[i] = table
    return table
  }
}

function isPowerOfTwo(n: number): boolean {
  return n >= 1 && n <= 2 ** 20 && Number.isInteger(Math.log2(n))
}
