import { until } from '@levqor/testing'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import { compileLimit } from './limit.ts'
import type { LimitStore, LimitVerdict } from './limit-store.ts'
import { createLimiter } from './limiter.ts'
import { createMemoryLimitStore } from './memory-limit-store.ts'

const limit = compileLimit({ name: 'l', by: 'address', quota: 2, windowMs: 60_000 })
const charges = [{ limit, subject: 'a' }]

function setup({ patienceMs = 1000, probeEveryMs = 5 } = {}) {
  const clock = { now: () => 1_800_000_000_000 }
  const events: SecurityEventInput[] = []
  const memory = createMemoryLimitStore({ clock })
  const asked: string[] = []
  const answer: { with: (question: () => LimitVerdict) => LimitVerdict | Promise<LimitVerdict> } = {
    with: (question) => question(),
  }
  const store: LimitStore = {
    take(wanted) {
      asked.push(wanted[0]?.limit.name ?? '')
      return answer.with(() => memory.take(wanted))
    },
    peek(wanted) {
      asked.push(wanted[0]?.limit.name ?? '')
      return answer.with(() => memory.peek(wanted))
    },
  }
  const limiter = createLimiter({
    store,
    clock,
    patienceMs,
    probeEveryMs,
    events: { ...noSecurityEvents, emit: (event) => events.push(event) },
  })
  const names = () => events.map((event) => event.event)
  const recovery = () => until(() => names().at(-1) === 'limit.store_recovered', { what: 'recovery' })
  return { limiter, answer, asked, events, names, recovery }
}

const broken = () => {
  throw new Error('gone')
}
const silent = () => new Promise<never>(() => {})
const late = (question: () => LimitVerdict) =>
  new Promise<LimitVerdict>((resolve) => setTimeout(() => resolve(question()), 60))

describe('a store that works', () => {
  it.each([
    ['at once', (question: () => LimitVerdict) => question()],
    ['by promise', async (question: () => LimitVerdict) => question()],
  ])('is asked every time, and its verdict is the verdict: %s', async (_, working) => {
    const { limiter, answer, asked, names } = setup()
    answer.with = working
    expect(await limiter.peek(charges, 'deny')).toMatchObject({ allowed: true })
    const verdicts = await Promise.all([1, 2, 3].map(() => limiter.take(charges, 'deny')))
    expect(verdicts.map((verdict) => [verdict.allowed, verdict.failed])).toEqual([
      [true, undefined],
      [true, undefined],
      [false, undefined],
    ])
    expect(asked).toHaveLength(4)
    expect(names()).toEqual([])
  })

  it('that answers at once is not made to wait', () => {
    const { limiter } = setup()
    expect(limiter.take(charges, 'deny')).not.toBeInstanceOf(Promise)
  })
})

describe('when the limit store fails', () => {
  it.each<[string, () => LimitVerdict | Promise<LimitVerdict>]>([
    ['throws', broken],
    ['rejects', () => Promise.reject(new Error('gone'))],
    ['never answers', silent],
  ])('and %s, a door that denies refuses', async (_, failure) => {
    const { limiter, answer } = setup({ patienceMs: 20 })
    answer.with = failure
    const verdict = await limiter.take(charges, 'deny')
    expect(verdict).toMatchObject({ allowed: false, failed: 'deny', retryAfterMs: 1000 })
  })

  it('a door that allows passes, and says so', async () => {
    const { limiter, answer } = setup()
    answer.with = broken
    expect(await limiter.take(charges, 'allow')).toMatchObject({ allowed: true, failed: 'allow' })
  })

  it('a door that counts locally still limits', async () => {
    const { limiter, answer } = setup()
    answer.with = broken
    const verdicts = [1, 2, 3].map(() => limiter.take(charges, 'local'))
    expect((await Promise.all(verdicts)).map((verdict) => verdict.allowed)).toEqual([true, true, false])
  })

  it('all that wait for it are let go together, each as its door says, and nobody waits after them', async () => {
    const { limiter, answer, asked } = setup({ patienceMs: 50, probeEveryMs: 60_000 })
    answer.with = silent
    const started = performance.now()
    const waiting = [
      limiter.take(charges, 'deny'),
      limiter.take(charges, 'allow'),
      limiter.peek(charges, 'local'),
    ]
    expect((await Promise.all(waiting)).map((verdict) => verdict.failed)).toEqual(['deny', 'allow', 'local'])
    expect(performance.now() - started).toBeGreaterThan(35)
    // From now on not even a promise, let alone a question to the store.
    for (let i = 0; i < 1000; i++) expect(limiter.take(charges, 'deny')).not.toBeInstanceOf(Promise)
    expect(asked).toHaveLength(3)
  })

  it('no more wait than it can afford: a backlog is a failure, however patient', async () => {
    const { limiter, answer, asked, names } = setup({ patienceMs: 60_000, probeEveryMs: 60_000 })
    answer.with = silent
    const waiting = Array.from({ length: 20_000 }, () => limiter.take(charges, 'allow'))
    const verdicts = await Promise.all(waiting)
    expect(verdicts.every((verdict) => verdict.failed === 'allow')).toBe(true)
    expect(asked).toHaveLength(10_001)
    expect(names()).toEqual(['limit.store_failed'])
  })

  it('a verdict that comes too late is of no consequence', async () => {
    const { limiter, answer, names } = setup({ patienceMs: 20, probeEveryMs: 60_000 })
    const answers: Array<() => void> = []
    answer.with = () => new Promise((_, reject) => answers.push(() => reject(new Error('gone'))))
    expect(await limiter.take(charges, 'allow')).toMatchObject({ failed: 'allow' })
    answers.forEach((reject) => {
      reject()
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(names()).toEqual(['limit.store_failed'])
  })

  it('an answer that has arrived is not late because this process was busy', async () => {
    const { limiter, answer, names } = setup({ patienceMs: 20 })
    // Arrives with the sockets' turn, after a pause of this process that is longer than the patience.
    answer.with = (question) => new Promise((resolve) => setImmediate(() => resolve(question())))
    const verdict = limiter.take(charges, 'deny')
    const busyUntil = performance.now() + 60
    while (performance.now() < busyUntil);
    expect(await verdict).toMatchObject({ allowed: true })
    expect(names()).toEqual([])
  })
})

describe('recovery', () => {
  it('each change of state is one event, and requests ask again only after a probe was answered', async () => {
    const { limiter, answer, asked, events, names, recovery } = setup()
    answer.with = broken
    await limiter.take(charges, 'allow')
    await limiter.peek(charges, 'allow')
    answer.with = (question) => question()
    expect(limiter.take(charges, 'allow')).toMatchObject({ failed: 'allow' })
    await recovery()
    expect(asked.at(-1)).toBe('store-probe')
    expect(await limiter.take(charges, 'allow')).not.toHaveProperty('failed')
    answer.with = () => Promise.reject(new Error('gone'))
    await Promise.all([limiter.take(charges, 'allow'), limiter.take(charges, 'allow')])
    answer.with = async (question) => question()
    await recovery()
    expect(await limiter.take(charges, 'allow')).not.toHaveProperty('failed')
    expect(names()).toEqual([
      'limit.store_failed',
      'limit.store_recovered',
      'limit.store_failed',
      'limit.store_recovered',
    ])
    expect(events[0]?.details).toEqual({ cause: 'error' })
  })

  it('a store that never answers is asked once a second, and an answer to a later probe is a recovery', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { limiter, answer, asked, events } = setup({ patienceMs: 10, probeEveryMs: 1 })
    answer.with = silent
    const first = limiter.take(charges, 'allow')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await first).toMatchObject({ failed: 'allow' })
    expect(limiter.take(charges, 'allow')).not.toBeInstanceOf(Promise)
    expect(asked.length).toBeGreaterThan(8)
    expect(asked.length).toBeLessThanOrEqual(11)
    expect(events.map((event) => event.details)).toEqual([{ cause: 'late' }])
    answer.with = async (question) => question()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(events.at(-1)?.event).toBe('limit.store_recovered')
    expect(await limiter.take(charges, 'allow')).not.toHaveProperty('failed')
  })

  it('a probe that fails or is slow is no recovery', async () => {
    const { limiter, answer, asked, names, recovery } = setup({ patienceMs: 20 })
    answer.with = broken
    await limiter.take(charges, 'allow')
    await until(() => asked.length > 3, { what: 'probes' })
    answer.with = late
    const before = asked.length
    await until(() => asked.length > before + 1, { what: 'a slow probe and the next' })
    expect(names()).toEqual(['limit.store_failed'])
    answer.with = (question) => question()
    await recovery()
    expect(names()).toEqual(['limit.store_failed', 'limit.store_recovered'])
  })
})
