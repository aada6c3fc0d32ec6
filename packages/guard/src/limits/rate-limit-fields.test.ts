import { describe, expect, it } from 'vitest'
import { compileLimit } from './limit.ts'
import { createMemoryLimitStore } from './memory-limit-store.ts'
import { ietfRateLimitFields } from './rate-limit-fields.ts'

describe('rate limit fields', () => {
  const minute = compileLimit({ name: 'minute', by: 'address', quota: 2, windowMs: 60_000 })
  const short = compileLimit({ name: 'short', by: 'address', quota: 5, windowMs: 200 })

  it('lists the policy of every limit with quota and whole seconds', () => {
    expect(ietfRateLimitFields.policy([minute, short])).toBe('"minute";q=2;w=60, "short";q=5;w=1')
  })

  it('lists what is left and when there will be more', () => {
    const store = createMemoryLimitStore({ clock: { now: () => 1_800_000_000_000 } })
    const take = () => store.take([minute, short].map((limit) => ({ limit, subject: 'a' })))
    expect(ietfRateLimitFields.state(take().states)).toBe('"minute";r=1;t=30, "short";r=4;t=1')
    take()
    expect(ietfRateLimitFields.state(take().states)).toBe('"minute";r=0;t=30, "short";r=3;t=1')
    expect(ietfRateLimitFields.state([])).toBe('')
  })
})
