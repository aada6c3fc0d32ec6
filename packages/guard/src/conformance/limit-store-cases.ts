// What every limit store must do, as cases that any test runner can run. A new store passes these unchanged.
import assert from 'node:assert/strict'
import type { Clock } from '../clock.ts'
import { compileLimit, type LimitRule } from '../limits/limit.ts'
import type { LimitCharge, LimitStore, LimitVerdict } from '../limits/limit-store.ts'

/** A clock that the cases move. A store with a clock of its own takes the time from here in its test build. */
export interface MovableClock extends Clock {
  advance(ms: number): void
}

/** One guarantee. */
export interface ConformanceCase {
  readonly name: string
  run(): Promise<void>
}

/** Opens an empty store that reads this clock. `close` is called after the case. */
export type OpenLimitStore = (
  clock: MovableClock,
) => Promise<{ readonly store: LimitStore; close(): Promise<void> }>

const rule = (facts: Partial<LimitRule> = {}): LimitRule => ({
  name: 'case',
  by: 'address',
  quota: 10,
  windowMs: 60_000,
  ...facts,
})

/**
 * The cases for one store.
 * @example
 * for (const { name, run } of limitStoreCases(open)) it(name, run)
 */
export function limitStoreCases(open: OpenLimitStore): ConformanceCase[] {
  const caseOf = (name: string, body: (store: LimitStore, clock: MovableClock) => Promise<void>) => ({
    name,
    async run() {
      const clock = movableClock()
      const { store, close } = await open(clock)
      try {
        await body(store, clock)
      } finally {
        await close()
      }
    },
  })
  return [
    caseOf('the quota passes, one more does not', async (store) => {
      const verdicts = await times(10, () => store.take([charge(rule())]))
      assert.ok(verdicts.every((verdict) => verdict.allowed))
      const last = await store.take([charge(rule())])
      assert.equal(last.allowed, false)
      assert.equal(last.retryAfterMs, 6000)
      assert.equal(last.states[0]?.remaining, 0)
      assert.equal(last.states[0]?.exceeded, true)
    }),
    caseOf('200 concurrent calls at limit 10 pass exactly 10', async (store) => {
      const verdicts = await Promise.all(
        Array.from({ length: 200 }, async () => store.take([charge(rule())])),
      )
      assert.equal(verdicts.filter((verdict) => verdict.allowed).length, 10)
    }),
    caseOf('after the told wait one passes, a millisecond earlier none does', async (store, clock) => {
      await times(10, () => store.take([charge(rule())]))
      const { retryAfterMs } = await store.take([charge(rule())])
      clock.advance(retryAfterMs - 1)
      assert.equal((await store.take([charge(rule())])).allowed, false)
      clock.advance(1)
      assert.equal((await store.take([charge(rule())])).allowed, true)
      assert.equal((await store.take([charge(rule())])).allowed, false)
    }),
    caseOf('a window edge gives no second quota', async (store, clock) => {
      clock.advance(59_990)
      await times(10, () => store.take([charge(rule())]))
      clock.advance(20)
      assert.equal((await store.take([charge(rule())])).allowed, false)
    }),
    caseOf(
      'a burst below the quota bounds what passes at once, the quota what passes over time',
      async (store, clock) => {
        const bursty = rule({ quota: 60, burst: 20 })
        const atOnce = await times(30, () => store.take([charge(bursty)]))
        assert.equal(allowedIn(atOnce), 20)
        let later = 0
        for (let i = 0; i < 60; i++) {
          clock.advance(1000)
          later += allowedIn(await times(2, () => store.take([charge(bursty)])))
        }
        assert.equal(later, 60)
      },
    ),
    caseOf('several limits of one call: all are charged or none is', async (store) => {
      const narrow = charge(rule({ name: 'narrow', quota: 2 }))
      const wide = charge(rule({ name: 'wide', quota: 10 }))
      const verdicts = await times(5, () => store.take([wide, narrow]))
      assert.deepEqual(
        verdicts.map((verdict) => verdict.allowed),
        [true, true, false, false, false],
      )
      const { states } = await store.peek([wide])
      assert.equal(states[0]?.remaining, 8)
      assert.deepEqual(
        verdicts[2]?.states.map((state) => state.exceeded),
        [false, true],
      )
    }),
    caseOf('looking charges nothing', async (store) => {
      await times(50, () => store.peek([charge(rule())]))
      const first = await store.take([charge(rule())])
      assert.equal(first.states[0]?.remaining, 9)
    }),
    caseOf('subjects do not share counts', async (store) => {
      await times(10, () => store.take([charge(rule(), 'a')]))
      assert.equal((await store.take([charge(rule(), 'a')])).allowed, false)
      assert.equal((await store.take([charge(rule(), 'b')])).allowed, true)
    }),
    caseOf('limits of different names do not share counts', async (store) => {
      await times(10, () => store.take([charge(rule({ name: 'one' }))]))
      assert.equal((await store.take([charge(rule({ name: 'two' }))])).allowed, true)
    }),
    caseOf('costs other than one', async (store) => {
      const heavy = charge(rule({ cost: 4 }))
      const verdicts = await times(3, () => store.take([heavy]))
      assert.deepEqual(
        verdicts.map((verdict) => [verdict.allowed, verdict.states[0]?.remaining]),
        [
          [true, 6],
          [true, 2],
          [false, 0],
        ],
      )
    }),
    caseOf('windows under one second work', async (store, clock) => {
      const short = charge(rule({ quota: 5, windowMs: 100 }))
      assert.equal(allowedIn(await times(8, () => store.take([short]))), 5)
      clock.advance(20)
      assert.equal(allowedIn(await times(3, () => store.take([short]))), 1)
    }),
    caseOf('a clock that steps back gives nothing away and locks nobody out', async (store, clock) => {
      await times(10, () => store.take([charge(rule())]))
      clock.advance(-3_600_000)
      const refused = await store.take([charge(rule())])
      assert.deepEqual([refused.allowed, refused.retryAfterMs], [false, 6000])
    }),
    caseOf('rest restores the whole quota, never more', async (store, clock) => {
      await times(10, () => store.take([charge(rule())]))
      clock.advance(86_400_000)
      assert.equal(allowedIn(await times(20, () => store.take([charge(rule())]))), 10)
    }),
  ]
}

function charge(facts: LimitRule, subject = 'subject'): LimitCharge {
  return { limit: compileLimit(facts), subject }
}

async function times(n: number, ask: () => LimitVerdict | Promise<LimitVerdict>): Promise<LimitVerdict[]> {
  const verdicts: LimitVerdict[] = []
  for (let i = 0; i < n; i++) verdicts.push(await ask())
  return verdicts
}

function allowedIn(verdicts: readonly LimitVerdict[]): number {
  return verdicts.filter((verdict) => verdict.allowed).length
}

function movableClock(): MovableClock {
  let now = 1_800_000_000_000
  return {
    now: () => now,
    advance(ms) {
      now += ms
    },
  }
}
