import { describe, expect, it } from 'vitest'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import { compileLimit } from './limit.ts'
import type { LimitStore, LimitVerdict } from './limit-store.ts'
import { createLimiter } from './limiter.ts'
import { createMemoryLimitStore } from './memory-limit-store.ts'

const charge = {
  limit: compileLimit({ name: 'l', by: 'address', quota: 2, windowMs: 60_000 }),
  subject: 'a',
}

function setup(patienceMs = 1000) {
  const clock = { now: () => 1_800_000_000_000 }
  const events: SecurityEventInput[] = []
  const real = createMemoryLimitStore({ clock })
  const answer: { with: () => LimitVerdict | Promise<LimitVerdict> } = { with: () => real.take([charge]) }
  const store: LimitStore = { take: () => answer.with(), peek: () => answer.with() }
  const limiter = createLimiter({
    store,
    clock,
    patienceMs,
    events: { ...noSecurityEvents, emit: (event) => events.push(event) },
  })
  return { limiter, answer, events, real }
}

const broken = () => {
  throw new Error('gone')
}

describe('when the limit store fails', () => {
  it.each([
    ['throws', broken],
    ['rejects', () => Promise.reject(new Error('gone'))],
    ['never answers', () => new Promise<never>(() => {})],
  ])('and %s, a door that denies refuses', async (_, failure) => {
    const { limiter, answer } = setup(20)
    answer.with = failure
    const verdict = await limiter.take([charge], 'deny')
    expect(verdict).toMatchObject({ allowed: false, failed: 'deny', retryAfterMs: 1000 })
  })

  it('a door that allows passes, and says so', async () => {
    const { limiter, answer } = setup()
    answer.with = broken
    expect(await limiter.take([charge], 'allow')).toMatchObject({ allowed: true, failed: 'allow' })
  })

  it('a door that counts locally still limits', async () => {
    const { limiter, answer } = setup()
    answer.with = broken
    const verdicts = [1, 2, 3].map(() => limiter.take([charge], 'local'))
    expect((await Promise.all(verdicts)).map((verdict) => verdict.allowed)).toEqual([true, true, false])
  })

  it('each change of state is one event', async () => {
    const { limiter, answer, events, real } = setup()
    answer.with = broken
    await limiter.take([charge], 'allow')
    await limiter.peek([charge], 'allow')
    answer.with = () => real.take([charge])
    await limiter.take([charge], 'allow')
    await limiter.take([charge], 'allow')
    answer.with = broken
    await limiter.take([charge], 'allow')
    answer.with = async () => real.peek([charge])
    await limiter.take([charge], 'allow')
    await limiter.take([charge], 'allow')
    expect(events.map((event) => event.event)).toEqual([
      'limit.store_failed',
      'limit.store_recovered',
      'limit.store_failed',
      'limit.store_recovered',
    ])
  })
})
