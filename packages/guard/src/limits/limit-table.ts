// The counts of one limit in memory: at most `maxKeys` subjects, constant work per call, no sweeps.
// When full, a clock hand looks at a few slots and reuses one whose subject has its full quota (forgetting it changes
// nothing). If there is none, the newcomer is counted in a coarse bucket shared with others: a flood of addresses
// makes strangers share, it never gives anybody a fresh count. A subject that later gets a slot of its own starts
// from its coarse bucket's state.
import type { LimitAlgorithm } from './algorithms.ts'
import type { Limit } from './limit.ts'

const handSteps = 8

/** Where a subject's state stands: in `state` at `at`. */
export interface LimitTable {
  /** Points `state` and `at` to the subject's state, giving it a slot when `create` and one is free. */
  find(subject: string, limit: Limit, nowMicros: number, create: boolean): void
  readonly state: Float64Array
  readonly at: number
  readonly size: number
}

/** `coarseBuckets` must be a power of two. */
export function createLimitTable(
  algorithm: LimitAlgorithm,
  maxKeys: number,
  coarseBuckets: number,
): LimitTable {
  const width = algorithm.width
  const slots = new Map<string, number>()
  const coarse = new Float64Array(coarseBuckets * width)
  const owners: string[] = []
  // Allocated whole: the system commits pages only when they are first written.
  const fine: Float64Array = new Float64Array(maxKeys * width)
  let hand = 0

  const table = {
    state: fine,
    at: 0,
    get size() {
      return slots.size
    },
    find(subject: string, limit: Limit, now: number, create: boolean): void {
      const known = slots.get(subject)
      if (known !== undefined) {
        point(fine, known * width)
        return
      }
      const bucket = (hash(subject) & (coarseBuckets - 1)) * width
      const slot = create ? freeSlot(limit, now) : -1
      if (slot < 0) {
        point(coarse, bucket)
        return
      }
      slots.set(subject, slot)
      owners[slot] = subject
      algorithm.inherit(fine, slot * width, coarse, bucket)
      point(fine, slot * width)
    },
  }
  return table

  function point(state: Float64Array, at: number): void {
    table.state = state
    table.at = at
  }

  function freeSlot(limit: Limit, now: number): number {
    if (owners.length < maxKeys) return owners.length
    for (let step = 0; step < handSteps; step++) {
      const slot = hand
      hand = hand + 1 === maxKeys ? 0 : hand + 1
      if (algorithm.restMicros(fine, slot * width, limit, now) === 0) {
        slots.delete(owners[slot] ?? '')
        return slot
      }
    }
    return -1
  }
}

/** FNV-1a over UTF-16 units, mixed once more. The seed is per process: nobody can aim at one bucket from outside. */
const seed = (Math.random() * 0x100000000) >>> 0
function hash(text: string): number {
  let h = seed
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h ^= h >>> 16
  return Math.imul(h, 0x85ebca6b) >>> 8
}
