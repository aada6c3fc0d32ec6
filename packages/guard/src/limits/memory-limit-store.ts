// Limits counted in this process. Answers synchronously, so "all or none" needs no lock.
import type { Clock } from '../clock.ts'
import { limitAlgorithms } from './algorithms.ts'
import type { Limit, LimitState } from './limit.ts'
import type { LimitCharge, LimitStore, LimitVerdict } from './limit-store.ts'
import { createLimitTable, type LimitTable } from './limit-table.ts'

/** Settings of {@link createMemoryLimitStore}. */
export interface MemoryLimitStoreOptions {
  readonly clock: Clock
  /** Subjects remembered one by one, per limit (default 100,000: about 15 MB per limit when full). */
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
 * @example
 * const store = createMemoryLimitStore({ clock: systemClock })
 */
export function createMemoryLimitStore(options: MemoryLimitStoreOptions): MemoryLimitStore {
  const { clock, maxKeysPerLimit = 100_000, coarseBuckets = 4096 } = options
  const tables = new Map<string, LimitTable>()
  // Positions found while checking, used again while charging: one look-up per charge, no allocation per call.
  const foundState: Float64Array[] = []
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
      const table = tableOf(limit)
      table.find(subject, limit, now, charging)
      const wait = limitAlgorithms[limit.algorithm].waitMicros(table.state, table.at, limit, limit.cost, now)
      foundState[i] = table.state
      foundAt[i] = table.at
      foundWait[i] = wait
      if (wait > longest) longest = wait
    }
    const taking = charging && longest === 0
    const states: LimitState[] = []
    for (let i = 0; i < charges.length; i++) {
      const limit = charges[i]?.limit
      const state = foundState[i]
      if (limit !== undefined && state !== undefined) states.push(settle(limit, state, i, taking, now))
    }
    return { allowed: longest === 0, states, retryAfterMs: Math.ceil(longest / 1000) }
  }

  function settle(limit: Limit, state: Float64Array, i: number, taking: boolean, now: number): LimitState {
    const algorithm = limitAlgorithms[limit.algorithm]
    const at = foundAt[i] ?? 0
    const wait = foundWait[i] ?? 0
    if (taking) algorithm.take(state, at, limit, limit.cost, now)
    return {
      limit,
      remaining: wait > 0 ? 0 : algorithm.remaining(state, at, limit, now),
      resetMs: Math.ceil(algorithm.restMicros(state, at, limit, now) / 1000),
      exceeded: wait > 0,
      retryAfterMs: Math.ceil(wait / 1000),
    }
  }

  function tableOf(limit: Limit): LimitTable {
    const known = tables.get(limit.name)
    if (known !== undefined) return known
    const table = createLimitTable(limitAlgorithms[limit.algorithm], maxKeysPerLimit, coarseBuckets)
    tables.set(limit.name, table)
    return table
  }
}
