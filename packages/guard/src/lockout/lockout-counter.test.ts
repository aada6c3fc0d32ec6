import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CounterState,
  fail,
  failuresOf,
  freePlaces,
  levelMemoryMs,
  lockIfDue,
  newCounter,
  release,
  renew,
  reserve,
  reset,
  storable,
} from './lockout-counter.ts'
import type { LockoutRule } from './lockout-policy.ts'

const rule: LockoutRule = { failures: 5, windowMs: 600_000, lockMs: 900_000, maxLockMs: 1_800_000 }
const start = 1_800_000_000_000
const reservationMs = 10_000

function failAt(times: readonly number[], by: LockoutRule = rule): CounterState {
  return times.reduce(
    (state, now) => fail(renew(state, by, reservationMs, now).state, by, now),
    newCounter('account'),
  )
}

describe('failures', () => {
  it('so many within the window lock, one fewer does not', () => {
    expect(failAt([0, 1, 2, 3].map((i) => start + i)).lockedUntilMs).toBe(0)
    expect(failAt([0, 1, 2, 3, 4].map((i) => start + i)).lockedUntilMs).toBe(start + 4 + rule.lockMs)
  })

  it('count until the window has passed, to the millisecond', () => {
    const state = failAt([start])
    expect(failuresOf(renew(state, rule, reservationMs, start + rule.windowMs - 1).state)).toBe(1)
    expect(failuresOf(renew(state, rule, reservationMs, start + rule.windowMs).state)).toBe(0)
  })

  it('an edge between two windows gives no second allowance', () => {
    const edge = start + rule.windowMs
    const state = failAt([edge - 4, edge - 3, edge - 2, edge - 1, edge])
    expect(state.lockedUntilMs).toBe(edge + rule.lockMs)
  })

  it('in the same millisecond share one mark and count each', () => {
    const state = failAt([start, start, start])
    expect([state.failures, failuresOf(state)]).toEqual([[[start, 3]], 3])
  })

  it('many are kept in few marks, never forgotten too early and at most a 32nd of the window too late', () => {
    const spray: LockoutRule = { ...rule, failures: 10_000 }
    const stretch = spray.windowMs / 32
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 * spray.windowMs }), { maxLength: 300 }),
        (offsets) => {
          const times = offsets.sort((a, b) => a - b).map((offset) => start + offset)
          const now = times.at(-1) ?? start
          const state = renew(failAt(times, spray), spray, reservationMs, now).state
          const exact = times.filter((time) => time + spray.windowMs > now).length
          const generous = times.filter((time) => time + spray.windowMs + stretch > now).length
          expect(state.failures.length).toBeLessThanOrEqual(34)
          expect(failuresOf(state)).toBeGreaterThanOrEqual(exact)
          expect(failuresOf(state)).toBeLessThanOrEqual(generous)
        },
      ),
      { seed: 7, numRuns: 200 },
    )
  })
})

describe('locks', () => {
  const locks = (count: number, pauseMs = 0) => {
    const lengths: number[] = []
    let state = newCounter('account')
    let now = start
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < rule.failures; j++) {
        state = fail(renew(state, rule, reservationMs, now).state, rule, now)
      }
      lengths.push(state.lockedUntilMs - now)
      now = state.lockedUntilMs + pauseMs
    }
    return lengths
  }

  it('double up to the longest', () => {
    expect(locks(4)).toEqual([900_000, 1_800_000, 1_800_000, 1_800_000])
  })

  it('an hour of quiet does not make the next one short again, a day does', () => {
    expect(locks(2, 3_600_000)).toEqual([900_000, 1_800_000])
    expect(locks(2, levelMemoryMs - 1)).toEqual([900_000, 1_800_000])
    expect(locks(2, levelMemoryMs)).toEqual([900_000, 900_000])
  })

  it('end at their time, to the millisecond, and say so once', () => {
    const state = failAt(Array(5).fill(start))
    const end = start + rule.lockMs
    expect(renew(state, rule, reservationMs, end - 1)).toMatchObject({ ended: false, state: { level: 1 } })
    const ended = renew(state, rule, reservationMs, end)
    expect(ended).toMatchObject({ ended: true, state: { lockedUntilMs: 0, level: 1 } })
    expect(renew(ended.state, rule, reservationMs, end).ended).toBe(false)
  })

  it('a failure that comes late does not lengthen one', () => {
    const state = failAt(Array(5).fill(start))
    expect(fail(state, rule, start + 1)).toBe(state)
  })

  it('a threshold that has become smaller locks what has reached it', () => {
    const state = failAt([start, start + 1, start + 2])
    expect(lockIfDue(state, rule, start + 3)).toBe(state)
    expect(lockIfDue(state, { ...rule, failures: 3 }, start + 3).lockedUntilMs).toBe(start + 3 + rule.lockMs)
  })

  it('the level stays within bounds for ever', () => {
    const state = { ...failAt(Array(4).fill(start)), level: 20 }
    const locked = fail(state, rule, start)
    expect([locked.level, locked.lockedUntilMs - start]).toEqual([20, rule.maxLockMs])
  })
})

describe('places', () => {
  it('are as many as failures are left', () => {
    const state = reserve(reserve(failAt([start, start + 1]), 'a', start + 100), 'b', start + 100)
    expect(freePlaces(state, rule)).toBe(1)
    expect(freePlaces(release(state, 'a'), rule)).toBe(2)
  })

  it('are given away at their time, to the millisecond', () => {
    const state = reserve(newCounter('account'), 'a', start + reservationMs)
    expect(renew(state, rule, reservationMs, start + reservationMs - 1).state.reservations.length).toBe(1)
    expect(renew(state, rule, reservationMs, start + reservationMs).state.reservations.length).toBe(0)
  })

  it('one that has run out is nobody’s', () => {
    const state = reserve(newCounter('account'), 'a', start)
    expect(release(state, 'b')).toBe(state)
  })

  it('a reset keeps the checks that are under way', () => {
    const state = reserve(failAt([start]), 'a', start + 100)
    expect(reset(state)).toMatchObject({ failures: [], reservations: [['a', start + 100]] })
  })
})

describe('a clock that was set back', () => {
  it('locks nobody longer than the rule allows', () => {
    const state = { ...failAt(Array(5).fill(start)), reservations: [['a', start + reservationMs] as const] }
    const earlier = start - 86_400_000
    const { state: renewed, ended } = renew(state, rule, reservationMs, earlier)
    expect(ended).toBe(false)
    expect(renewed.lockedUntilMs).toBe(earlier + rule.maxLockMs)
    expect(renewed.levelUntilMs).toBe(earlier + rule.maxLockMs + levelMemoryMs)
    expect(renewed.reservations).toEqual([['a', earlier + reservationMs]])
  })

  it('keeps failures, for one window', () => {
    const earlier = start - 86_400_000
    const renewed = renew(failAt([start, start]), rule, reservationMs, earlier).state
    expect(failuresOf(renewed)).toBe(2)
    expect(failuresOf(renew(renewed, rule, reservationMs, earlier + rule.windowMs + 1).state)).toBe(0)
  })
})

describe('what is stored', () => {
  it('is nothing when there is nothing to remember, and says when it may be forgotten', () => {
    expect(storable(newCounter('account'), rule)).toBeUndefined()
    expect(storable(failAt([start, start + 5]), rule)?.forgetAtMs).toBe(start + 5 + rule.windowMs)
    expect(storable(reserve(newCounter('account'), 'a', start + 7), rule)?.forgetAtMs).toBe(start + 7)
    const locked = storable(failAt(Array(5).fill(start)), rule)
    expect(locked?.forgetAtMs).toBe(start + rule.lockMs + levelMemoryMs)
  })

  it('is the same object when time has changed nothing', () => {
    const state = storable(reserve(failAt([start, start + 5]), 'a', start + 900), rule)
    expect(state).toBeDefined()
    if (state === undefined) return
    const renewed = renew(state, rule, reservationMs, start + 6).state
    expect(storable(renewed, rule)).toBe(state)
  })
})
