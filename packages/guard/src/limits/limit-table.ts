// The counts of one limit in memory: at most `maxKeys` subjects, constant work per call, no sweeps.
// When full, a clock hand looks at a few slots and reuses one whose subject has its full quota (forgetting it changes
// nothing). If there is none, the newcomer is counted in a coarse bucket shared with others: a flood of addresses
// makes strangers share, it never gives anybody a fresh count. A subject that later gets a slot of its own starts
// from its coarse bucket's state.
import { hashText } from '../hash-text.ts'
import { type LimitAlgorithm, limitAlgorithms } from './algorithms.ts'
import type { Limit } from './limit.ts'
import { ownSubject } from './limit-subject.ts'

const handSteps = 8

/** The counts of all limits with one `countKey`. */
export interface LimitTable {
  readonly algorithm: LimitAlgorithm
  /** Every subject's numbers; {@link LimitTable.find} says where. */
  readonly state: Float64Array
  /** Where the subject's numbers begin. With `create` it gets a slot of its own if one is free. */
  find(subject: string, limit: Limit, nowMicros: number, create: boolean): number
  readonly size: number
}

/** A table for limits like this one. `coarseBuckets` must be a power of two. */
export function createLimitTable(like: Limit, maxKeys: number, coarseBuckets: number): LimitTable {
  const algorithm = limitAlgorithms[like.algorithm]
  const { width } = algorithm
  const places = new Map<string, number>()
  const owners: string[] = []
  const firstSlot = coarseBuckets * width
  // Coarse buckets, then slots. Allocated whole: the system commits pages only when they are first written.
  const state = new Float64Array(firstSlot + maxKeys * width)
  let hand = 0

  return {
    algorithm,
    state,
    get size() {
      return places.size
    },
    find: (subject, limit, now, create) => places.get(subject) ?? admit(subject, limit, now, create),
  }

  function admit(subject: string, limit: Limit, now: number, create: boolean): number {
    const bucket = ((hashText(subject) >>> 8) & (coarseBuckets - 1)) * width
    const slot = create ? freeSlot(limit, now) : -1
    if (slot < 0) return bucket
    const at = firstSlot + slot * width
    const owner = ownSubject(subject)
    places.set(owner, at)
    owners[slot] = owner
    state.copyWithin(at, bucket, bucket + width)
    return at
  }

  function freeSlot(limit: Limit, now: number): number {
    if (owners.length < maxKeys) return owners.length
    for (let step = 0; step < handSteps; step++) {
      const slot = hand
      hand = hand + 1 === maxKeys ? 0 : hand + 1
      if (algorithm.restMicros(state, firstSlot + slot * width, limit, now) === 0) {
        places.delete(owners[slot] ?? '')
        return slot
      }
    }
    return -1
  }
}
