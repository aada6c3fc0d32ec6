// Requests that are decided by one call of the limit script: its keys and arguments, and the way from its answer back
// to each request.
import type { Limit } from '../limits/limit.ts'
import type { LimitCharge, LimitVerdict } from '../limits/limit-store.ts'
import { readLimitAnswer } from './limit-answer.ts'
import { limitNumbers, lookingMark, mostCharges } from './limit-script.ts'

/** One request, waiting for its verdict. */
export interface WaitingRequest {
  readonly charges: readonly LimitCharge[]
  /** Charges, or only looks. */
  readonly taking: boolean
  resolve(verdict: LimitVerdict): void
  reject(error: unknown): void
}

/** Requests of one turn, in the order in which they came. */
export interface LimitBatch {
  /** False when it is full and the request needs another. `nowMicros` only for the script with injected time. */
  add(request: WaitingRequest, nowMicros: number | undefined): boolean
  readonly keyCount: number
  keysAndArguments(): (string | number)[]
  /** Hands every request its part of the script's answer, or refuses all when it is no such answer. */
  settle(answer: unknown): void
  refuse(error: unknown): void
}

/** An empty batch. */
export function createLimitBatch(keyOf: (subject: string) => string): LimitBatch {
  const keys = new Map<string, number>()
  const limits = new Map<Limit, number>()
  const codes: number[] = []
  const times: number[] = []
  const requests: WaitingRequest[] = []
  let chargeCount = 0
  return {
    get keyCount() {
      return keys.size
    },
    add(request, nowMicros) {
      const { charges, taking } = request
      if (charges.length > mostCharges) {
        request.reject(new Error(`More than ${mostCharges} limits in one call.`))
        return true
      }
      if (chargeCount + charges.length > mostCharges) return false
      chargeCount += charges.length
      requests.push(request)
      if (nowMicros !== undefined) times.push(nowMicros)
      codes.push(charges.length + (taking ? 0 : lookingMark))
      let lastSubject: string | undefined
      let key = 0
      for (const { limit, subject } of charges) {
        // Several windows for one address are common.
        if (subject !== lastSubject) key = numberIn(keys, keyOf(subject))
        lastSubject = subject
        codes.push(key, numberIn(limits, limit))
      }
      return true
    },
    keysAndArguments() {
      const args: (string | number)[] = [...keys.keys(), String.fromCharCode(...codes), limits.size]
      for (const limit of limits.keys()) args.push(...limitNumbers(limit))
      return times.length === 0 ? args : args.concat(times)
    },
    settle(answer) {
      const verdicts = readLimitAnswer(answer)
      for (const { charges, taking, resolve } of requests) resolve(verdicts.next(charges, taking))
    },
    refuse(error) {
      for (const { reject } of requests) reject(error)
    },
  }
}

/** Every key and every limit is sent once per call, however many requests charge it. Lua counts from 1. */
function numberIn<T>(numbers: Map<T, number>, item: T): number {
  const known = numbers.get(item)
  if (known !== undefined) return known
  const next = numbers.size + 1
  numbers.set(item, next)
  return next
}
