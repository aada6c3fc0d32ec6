// Asking the limit store, and what happens when it does not answer: each door says whether it refuses, counts in
// this process or passes. Nothing fails open silently: every change of state is one event.
//
// A store that failed once is not asked again by requests: they follow their door's mode at once, while one probe at
// a time asks in the background. So an outage delays the requests that were waiting when it began, at most by the
// patience, and none after them; and however long it lasts, nothing piles up behind it. A probe that is never answered is
// given up after a second, because the next one may find a better connection.
import type { Clock } from '../clock.ts'
import type { SecurityEvents } from '../events/event-pipeline.ts'
import type { StoreFailureMode } from '../policy/policy.ts'
import { within } from '../within.ts'
import { compileLimit } from './limit.ts'
import type { LimitCharge, LimitStore, LimitVerdict } from './limit-store.ts'
import { createMemoryLimitStore } from './memory-limit-store.ts'
import { createPatience } from './patience.ts'

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
  /** Pause between two probes of a store that failed (default 250 ms). */
  readonly probeEveryMs?: number
}

/** Requests that may wait for a store at once; one that is further behind has failed. */
const mostWaiting = 10_000

/** Longest wait for a probe's answer. */
const probePatienceMs = 1_000

/** Asked of a store that failed. A charge, not a look: a store that can only be read has not recovered. */
const probeLimit = compileLimit({ name: 'store-probe', by: 'global', quota: 1000, windowMs: 1000 })
const probe: readonly LimitCharge[] = [{ limit: probeLimit, subject: '' }]

/** Wraps a store. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { store, clock, events, patienceMs = 50, probeEveryMs = 250 } = options
  const local = createMemoryLimitStore({ clock })
  const patience = createPatience<LimiterVerdict>({ patienceMs, mostWaiting, onFailure: fail })
  let failed = false
  return {
    take: (charges, mode) => ask('take', charges, mode),
    peek: (charges, mode) => ask('peek', charges, mode),
  }

  function ask(
    question: 'take' | 'peek',
    charges: readonly LimitCharge[],
    mode: StoreFailureMode,
  ): LimiterVerdict | Promise<LimiterVerdict> {
    if (failed) return fallBack(question, charges, mode)
    try {
      const verdict = store[question](charges)
      if (!(verdict instanceof Promise)) return verdict
      return patience.wait(verdict, () => fallBack(question, charges, mode))
    } catch {
      fail('error')
      return fallBack(question, charges, mode)
    }
  }

  function fallBack(
    question: 'take' | 'peek',
    charges: readonly LimitCharge[],
    mode: StoreFailureMode,
  ): LimiterVerdict {
    if (mode === 'local') return { ...local[question](charges), failed: 'local' }
    return { allowed: mode === 'allow', states: [], retryAfterMs: mode === 'allow' ? 0 : 1000, failed: mode }
  }

  function fail(cause: 'error' | 'late'): void {
    if (failed) return
    failed = true
    events.emit({ event: 'limit.store_failed', details: { cause } })
    patience.giveUp()
    probeLater()
  }

  function probeLater(): void {
    setTimeout(() => void probeOnce(), probeEveryMs).unref()
  }

  async function probeOnce(): Promise<void> {
    const started = performance.now()
    try {
      await within(probePatienceMs, store.take(probe))
    } catch {
      probeLater()
      return
    }
    // An answer that requests would not have waited for is no recovery.
    if (performance.now() - started > patienceMs) {
      probeLater()
      return
    }
    failed = false
    events.emit({ event: 'limit.store_recovered' })
  }
}
