// What every limit store must do, as cases that any test runner can run. A new store passes these unchanged.
import assert from 'node:assert/strict'
import type { Clock } from '../clock.ts'
import { type LimitAlgorithmName, limitAlgorithms } from '../limits/algorithms.ts'
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

type Body = (store: LimitStore, clock: MovableClock) => Promise<void>

const minute = 60_000

/** What the algorithms answer when a quota of 10 per minute was just used up at once. */
const waitsMs = { 'token-bucket': 6000, 'sliding-window': minute, 'fixed-window': minute } as const

/**
 * The cases for one store: every guarantee for every algorithm, and what only one of them promises.
 * @example
 * for (const { name, run } of limitStoreCases(open)) it(name, run)
 */
export function limitStoreCases(open: OpenLimitStore): ConformanceCase[] {
  const caseOf = ([name, body]: [string, Body]): ConformanceCase => ({
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
  // The keys of that very table.
  const names = Object.keys(limitAlgorithms) as LimitAlgorithmName[]
  return [
    ...names.flatMap((name) =>
      everyAlgorithm(name).map(([what, body]) => caseOf([`${name}: ${what}`, body])),
    ),
    ...Object.entries(onlySome).map(caseOf),
  ]
}

function everyAlgorithm(algorithm: LimitAlgorithmName): [string, Body][] {
  const rule = (facts: Partial<LimitRule> = {}): LimitRule => ({ ...usual, algorithm, ...facts })
  const waitMs = waitsMs[algorithm]
  return [
    [
      'the quota passes, one more does not',
      async (store) => {
        const verdicts = await times(10, () => store.take([charge(rule())]))
        assert.deepEqual(
          verdicts.map((verdict) => [verdict.allowed, verdict.states[0]?.remaining]),
          [9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((remaining) => [true, remaining]),
        )
        const last = await store.take([charge(rule())])
        assert.deepEqual([last.allowed, last.retryAfterMs], [false, waitMs])
        const { remaining, exceeded, resetMs, retryAfterMs } = last.states[0] ?? {}
        assert.deepEqual([remaining, exceeded, resetMs, retryAfterMs], [0, true, minute, waitMs])
      },
    ],
    [
      '200 concurrent calls at limit 10 pass exactly 10',
      async (store) => {
        const verdicts = await Promise.all(
          Array.from({ length: 200 }, async () => store.take([charge(rule())])),
        )
        assert.equal(allowedIn(verdicts), 10)
      },
    ],
    [
      'after the told wait one passes, a millisecond earlier none does',
      async (store, clock) => {
        const once = rule({ quota: 10, cost: 10 })
        await store.take([charge(once)])
        const { retryAfterMs } = await store.take([charge(once)])
        clock.advance(retryAfterMs - 1)
        assert.equal((await store.take([charge(once)])).allowed, false)
        clock.advance(1)
        assert.equal((await store.take([charge(once)])).allowed, true)
        assert.equal((await store.take([charge(once)])).allowed, false)
      },
    ],
    [
      'several limits of one call: all are charged or none is',
      async (store) => {
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
      },
    ],
    [
      'looking charges nothing',
      async (store) => {
        const looks = await times(50, () => store.peek([charge(rule())]))
        assert.ok(looks.every((look) => look.allowed && look.states[0]?.remaining === 10))
        const first = await store.take([charge(rule())])
        assert.equal(first.states[0]?.remaining, 9)
      },
    ],
    [
      'subjects do not share counts, however long and alike',
      async (store) => {
        const long = 'x'.repeat(5000)
        for (const [spent, fresh] of [
          ['a', 'b'],
          [`${long}a`, `${long}b`],
        ]) {
          await times(10, () => store.take([charge(rule(), spent)]))
          assert.equal((await store.take([charge(rule(), spent)])).allowed, false)
          assert.equal((await store.take([charge(rule(), fresh)])).allowed, true)
        }
      },
    ],
    [
      'limits of different names do not share counts',
      async (store) => {
        await times(10, () => store.take([charge(rule({ name: 'one' }))]))
        assert.equal((await store.take([charge(rule({ name: 'two' }))])).allowed, true)
      },
    ],
    [
      'a limit whose quota depends on the plan keeps one count',
      async (store) => {
        const plans = rule({ quota: { default: 10, pro: 100 } })
        await times(40, () => store.take([charge(plans, 'subject', 'pro')]))
        assert.equal((await store.take([charge(plans)])).allowed, algorithm === 'token-bucket')
        assert.equal((await store.take([charge(plans, 'subject', 'pro')])).allowed, true)
      },
    ],
    [
      'costs other than one',
      async (store) => {
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
      },
    ],
    [
      'windows under one second work',
      async (store, clock) => {
        const short = charge(rule({ quota: 5, windowMs: 100 }))
        assert.equal(allowedIn(await times(8, () => store.take([short]))), 5)
        clock.advance(99)
        assert.equal(
          allowedIn(await times(8, () => store.take([short]))),
          algorithm === 'token-bucket' ? 4 : 0,
        )
        clock.advance(1)
        assert.equal(
          allowedIn(await times(8, () => store.take([short]))),
          algorithm === 'token-bucket' ? 1 : 5,
        )
        const shortest = charge(rule({ quota: 3, windowMs: 0.25 }))
        assert.equal(allowedIn(await times(8, () => store.take([shortest]))), 3)
        clock.advance(1)
        assert.equal(allowedIn(await times(8, () => store.take([shortest]))), 3)
      },
    ],
    [
      'a clock set back gives nothing away and locks nobody out for longer than told',
      async (store, clock) => {
        await times(10, () => store.take([charge(rule())]))
        clock.advance(-3_600_000)
        const refused = await store.take([charge(rule())])
        assert.deepEqual([refused.allowed, refused.retryAfterMs], [false, waitMs])
        clock.advance(waitMs - 1)
        assert.equal((await store.take([charge(rule())])).allowed, false)
        clock.advance(1)
        assert.equal((await store.take([charge(rule())])).allowed, true)
      },
    ],
    [
      'rest restores the whole quota, never more',
      async (store, clock) => {
        await times(10, () => store.take([charge(rule())]))
        clock.advance(86_400_000)
        assert.equal(allowedIn(await times(20, () => store.take([charge(rule())]))), 10)
      },
    ],
  ]
}

const usual: LimitRule = { name: 'case', by: 'address', quota: 10, windowMs: minute }

const onlySome: Readonly<Record<string, Body>> = {
  'token-bucket: a window edge gives no second quota': async (store, clock) => {
    assert.equal(await passedAroundAnEdge(store, clock, 'token-bucket'), 10)
  },
  'sliding-window: a window edge gives no second quota': async (store, clock) => {
    assert.equal(await passedAroundAnEdge(store, clock, 'sliding-window'), 10)
  },
  // What fixed windows are known for, stated so that nobody takes them for more.
  'fixed-window: a window edge gives a second quota': async (store, clock) => {
    assert.equal(await passedAroundAnEdge(store, clock, 'fixed-window'), 19)
  },
  'token-bucket: a burst below the quota bounds what passes at once, the quota what passes over time': async (
    store,
    clock,
  ) => {
    const bursty = { ...usual, quota: 60, burst: 20 }
    const atOnce = await times(30, () => store.take([charge(bursty)]))
    assert.equal(allowedIn(atOnce), 20)
    let later = 0
    for (let i = 0; i < 60; i++) {
      clock.advance(1000)
      later += allowedIn(await times(2, () => store.take([charge(bursty)])))
    }
    assert.equal(later, 60)
  },
  'sliding-window: up to a quota of 16 every charge comes back when it has left the window': async (
    store,
    clock,
  ) => {
    const rule = { ...usual, quota: 16, algorithm: 'sliding-window' as const }
    const next = async () => {
      const { allowed } = await store.take([charge(rule)])
      clock.advance(1000)
      return allowed
    }
    const passed: boolean[] = []
    for (let second = 0; second < 76; second++) passed.push(await next())
    const expected = passed.map((_, second) => second < 16 || second >= 60)
    assert.deepEqual(passed, expected)
  },
}

/** One charge, nine just before a minute has passed since, and as many as pass just after it. */
async function passedAroundAnEdge(
  store: LimitStore,
  clock: MovableClock,
  algorithm: LimitAlgorithmName,
): Promise<number> {
  const around = charge({ ...usual, algorithm })
  await store.take([around])
  clock.advance(minute - 10)
  const before = await times(20, () => store.take([around]))
  clock.advance(20)
  const after = await times(20, () => store.take([around]))
  return allowedIn([...before, ...after])
}

function charge(facts: LimitRule, subject = 'subject', plan?: string): LimitCharge {
  return { limit: compileLimit(facts, plan), subject }
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
