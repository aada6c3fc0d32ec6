// Which addresses have used up their refused credentials. Known here, so that nobody else's request asks the store
// twice: another process learns of such an address at the first credential that it refuses itself.

import type { LimitRule } from '../limits/limit.ts'
import type { LimitCharge } from '../limits/limit-store.ts'
import type { Limiter, LimiterVerdict } from '../limits/limiter.ts'
import { ietfRateLimitFields } from '../limits/rate-limit-fields.ts'
import type { StoreFailureMode } from '../policy/policy.ts'
import { compileLimits, type DoorLimits } from './compile-door.ts'
import type { Maybe } from './identity.ts'

/** Addresses whose credentials are not looked at for now. */
export interface GuessBook {
  readonly size: number
  /** What a refused credential is charged. */
  charges(key: string): LimitCharge[]
  /** Whether the address may show another credential. Asks the store only for addresses in the book. */
  peek(key: string, mode: StoreFailureMode): Maybe<LimiterVerdict>
  /** Reads the verdict on {@link charges}. */
  note(key: string, verdict: LimiterVerdict): void
}

// Above it the oldest is forgotten, which costs one more look at a credential.
const maxAddresses = 10_000

/** Creates an empty book. */
export function createGuessBook(rule: LimitRule, limiter: Limiter): GuessBook {
  const limits: DoorLimits = compileLimits('', [rule], undefined, ietfRateLimitFields)
  const full = new Set<string>()
  const allowed: LimiterVerdict = { allowed: true, states: [], retryAfterMs: 0 }
  return {
    get size() {
      return full.size
    },
    charges: (key) => limits.charges(key, undefined),
    peek(key, mode) {
      if (!full.has(key)) return allowed
      const verdict = limiter.peek(limits.charges(key, undefined), mode)
      return verdict instanceof Promise ? verdict.then((late) => read(key, late)) : read(key, verdict)
    },
    note(key, { states }) {
      const [state] = states
      if (state === undefined || state.remaining >= state.limit.cost) return
      const [oldest] = full
      if (full.size >= maxAddresses && oldest !== undefined) full.delete(oldest)
      full.add(key)
    },
  }

  function read(key: string, verdict: LimiterVerdict): LimiterVerdict {
    if (verdict.allowed) full.delete(key)
    return verdict
  }
}
