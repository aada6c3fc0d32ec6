// Asking the limit store, and what happens when it does not answer: each door says whether it refuses, counts in
// this process or passes. Nothing fails open silently: every change of state is an event.
import type { Clock } from '../clock.ts'
import type { SecurityEvents } from '../events/event-pipeline.ts'
import type { StoreFailureMode } from '../policy/policy.ts'
import type { LimitCharge, LimitStore, LimitVerdict } from './limit-store.ts'
import { createMemoryLimitStore } from './memory-limit-store.ts'

/** A verdict; `failed` when the store did not give it: `deny` and `allow` decided nothing, `local` counted here. */
export interface LimiterVerdict extends LimitVerdict {
  readonly failed?: StoreFailureMode
}

/** The limiter that the kernel asks. */
export interface Limiter {
  take(charges: readonly LimitCharge[], mode: StoreFailureMode): LimiterVerdict | Promise<LimiterVerdict>
  peek(charges: readonly LimitCharge[], mode: StoreFailureMode): LimiterVerdict | Promise<LimiterVerdict>
}

/** Settings of {@link createLimiter}. */
export interface LimiterOptions {
  readonly store: LimitStore
  readonly clock: Clock
  readonly events: SecurityEvents
  /** Longest wait for a store's answer (default 50 ms). */
  readonly patienceMs?: number
}

/** Wraps a store. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { store, events, patienceMs = 50 } = options
  const local = createMemoryLimitStore({ clock: options.clock })
  let failing = false
  return {
    take: (charges, mode) => ask('take', charges, mode),
    peek: (charges, mode) => ask('peek', charges, mode),
  }

  function ask(
    question: 'take' | 'peek',
    charges: readonly LimitCharge[],
    mode: StoreFailureMode,
  ): LimiterVerdict | Promise<LimiterVerdict> {
    try {
      const verdict = store[question](charges)
      if (!(verdict instanceof Promise)) {
        if (failing) recovered()
        return verdict
      }
      return inTime(verdict).then(
        (answer) => {
          if (failing) recovered()
          return answer
        },
        () => fallBack(question, charges, mode),
      )
    } catch {
      return fallBack(question, charges, mode)
    }
  }

  function fallBack(
    question: 'take' | 'peek',
    charges: readonly LimitCharge[],
    mode: StoreFailureMode,
  ): LimiterVerdict {
    if (!failing) {
      failing = true
      events.emit({ event: 'limit.store_failed', details: { mode } })
    }
    if (mode === 'local') return { ...local[question](charges), failed: 'local' }
    return { allowed: mode === 'allow', states: [], retryAfterMs: mode === 'allow' ? 0 : 1000, failed: mode }
  }

  function recovered(): void {
    failing = false
    events.emit({ event: 'limit.store_recovered' })
  }

  async function inTime(answer: Promise<LimitVerdict>): Promise<LimitVerdict> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('The limit store did not answer in time')), patienceMs)
    })
    try {
      return await Promise.race([answer, late])
    } finally {
      clearTimeout(timer)
    }
  }
}
