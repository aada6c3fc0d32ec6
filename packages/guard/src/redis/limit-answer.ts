// What the limit script answered, read back: the limits' states as they were before. What they mean is worked out by
// the functions of src/limits, the same that decide in memory.
import { type LimitAlgorithmName, limitAlgorithms } from '../limits/algorithms.ts'
import type { LimitState } from '../limits/limit.ts'
import type { LimitCharge, LimitVerdict } from '../limits/limit-store.ts'
import { settleLimit } from '../limits/settle-limit.ts'
import { mostCharges } from './limit-script.ts'

/** Reads the verdicts of a call's requests, in their order. */
export interface LimitAnswer {
  /** @throws Error when the answer has another form */
  next(charges: readonly LimitCharge[], taking: boolean): LimitVerdict
}

const widest = Math.max(...Object.values(limitAlgorithms).map(({ width }) => width))
const states = new Float64Array(mostCharges * widest)
const waits = new Float64Array(mostCharges)
const times = new Float64Array(mostCharges)

/** @throws Error when it is no list */
export function readLimitAnswer(answer: unknown): LimitAnswer {
  if (!Array.isArray(answer)) throw otherForm()
  // Each item is checked where it is read.
  const numbers: readonly unknown[] = answer
  let read = 0
  return { next }

  function next(charges: readonly LimitCharge[], taking: boolean): LimitVerdict {
    let longest = 0
    for (let i = 0; i < charges.length; i++) {
      const limit = charges[i]?.limit
      if (limit === undefined) continue
      const now = readState(limit.algorithm, i * widest)
      const wait = limitAlgorithms[limit.algorithm].waitMicros(states, i * widest, limit, now)
      times[i] = now
      waits[i] = wait
      if (wait > longest) longest = wait
    }
    const settled = new Array<LimitState>(charges.length)
    for (let i = 0; i < charges.length; i++) {
      const limit = charges[i]?.limit
      if (limit === undefined) continue
      const algorithm = limitAlgorithms[limit.algorithm]
      const taken = taking && longest === 0
      settled[i] = settleLimit(algorithm, states, i * widest, limit, waits[i] ?? 0, taken, times[i] ?? 0)
    }
    return { allowed: longest === 0, states: settled, retryAfterMs: Math.ceil(longest / 1000) }
  }

  /** Returns the time that the state counts from. */
  function readState(algorithm: LimitAlgorithmName, at: number): number {
    if (algorithm === 'token-bucket') {
      states[at] = number()
      states[at + 1] = 0
      return 0
    }
    const now = number()
    const length = number()
    if (!(length <= widest)) throw otherForm()
    if (algorithm === 'fixed-window') {
      states[at] = length === 0 ? 0 : number()
      states[at + 1] = length === 0 ? 0 : number()
      return now
    }
    // The script counts slots by the length of the list, and keeps besides when all of them will be gone.
    states[at] = length === 0 ? 0 : (length - 2) / 2
    if (length > 0) number()
    for (let i = 1; i < length; i++) states[at + i] = number()
    return now
  }

  function number(): number {
    const value = numbers[read++]
    if (typeof value !== 'number') throw otherForm()
    return value
  }
}

function otherForm(): Error {
  return new Error('The limit script gave an answer of another form.')
}
