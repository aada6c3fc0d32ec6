import { seededRandom } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { compileLimit, type Limit } from './limit.ts'
import { slidingWindow } from './sliding-window.ts'

interface Charged {
  readonly at: number
  readonly cost: number
}

const limitOf = (quota: number, windowMs = 60_000, cost = 1): Limit =>
  compileLimit({ name: 'w', by: 'address', quota, windowMs, cost, algorithm: 'sliding-window' })

/** Plays attempts at the given times and returns those that passed. */
function play(limits: readonly Limit[], times: readonly number[]): Charged[] {
  const state = new Float64Array(slidingWindow.width)
  const passed: Charged[] = []
  times.forEach((at, i) => {
    const limit = limits[i % limits.length]
    if (limit === undefined || slidingWindow.waitMicros(state, 0, limit, at) > 0) return
    slidingWindow.take(state, 0, limit, at)
    passed.push({ at, cost: limit.cost })
  })
  return passed
}

/** What was charged in the windows that end with each charge: the fullest windows there are. */
function fullestWindow(passed: readonly Charged[], windowMicros: number): number {
  let fullest = 0
  for (const { at: end } of passed) {
    const inside = passed.filter(({ at }) => at > end - windowMicros && at <= end)
    fullest = Math.max(
      fullest,
      inside.reduce((sum, { cost }) => sum + cost, 0),
    )
  }
  return fullest
}

/** Attempts of many kinds: floods, a steady trickle, bursts, waiting for the edge of a window. */
function attempts(random: () => number, windowMicros: number): number[] {
  const times: number[] = []
  let now = 1_800_000_000_000_000
  const habits = [
    () => 1 + random() * 1000,
    () => (random() * windowMicros) / 50,
    () => (random() < 0.9 ? 0 : random() * windowMicros),
    () => (random() < 0.5 ? 1 : windowMicros - 1),
    () => (random() < 0.8 ? 0 : Math.ceil(windowMicros / 15)),
  ]
  for (let i = 0; i < 300; i++) {
    const habit = habits[Math.floor(random() * habits.length)]
    now += Math.floor(habit?.() ?? 1)
    times.push(now)
  }
  return times
}

describe('sliding window', () => {
  it('lets no more than the quota through in any window, wherever it begins', () => {
    const random = seededRandom(11)
    for (let round = 0; round < 150; round++) {
      const quota = 1 + Math.floor(random() * 80)
      const windowMs = [0.5, 100, 1000, 60_000, 86_400_000][round % 5] ?? 1000
      const cost = 1 + Math.floor(random() * Math.min(quota, 5))
      const limit = limitOf(quota, windowMs, cost)
      const passed = play([limit], attempts(random, limit.windowMicros))
      expect(fullestWindow(passed, limit.windowMicros)).toBeLessThanOrEqual(quota)
    }
  })

  it('neither when the plan, and with it the spacing of its slots, changes with every request', () => {
    const random = seededRandom(12)
    for (let round = 0; round < 100; round++) {
      const plans = [limitOf(3), limitOf(16), limitOf(40), limitOf(1000)]
      const passed = play(plans, attempts(random, 60_000_000))
      // Each passed charge fitted into its own plan's quota; the widest bounds them all.
      expect(fullestWindow(passed, 60_000_000)).toBeLessThanOrEqual(1000)
      const narrow = play([limitOf(40), limitOf(16)], attempts(random, 60_000_000))
      expect(fullestWindow(narrow, 60_000_000)).toBeLessThanOrEqual(40)
    }
  })

  it('refuses nothing that would fit if charges were held a fifteenth of the window longer', () => {
    const random = seededRandom(13)
    const tooStrict: number[] = []
    for (let round = 0; round < 200; round++) {
      const limit = limitOf(1 + Math.floor(random() * 60))
      const held = limit.windowMicros + limit.slotMicros
      const state = new Float64Array(slidingWindow.width)
      const passed: number[] = []
      for (const at of attempts(random, limit.windowMicros)) {
        const inside = passed.filter((time) => time > at - held).length
        if (slidingWindow.waitMicros(state, 0, limit, at) === 0) {
          slidingWindow.take(state, 0, limit, at)
          passed.push(at)
        } else if (inside < limit.quota) tooStrict.push(at)
      }
    }
    expect(tooStrict).toEqual([])
  })

  it('who waits as long as told passes, and a microsecond earlier does not', () => {
    const random = seededRandom(14)
    const wrong: number[] = []
    for (let round = 0; round < 200; round++) {
      const limit = limitOf(1 + Math.floor(random() * 60), 60_000, 1)
      const state = new Float64Array(slidingWindow.width)
      for (const at of attempts(random, limit.windowMicros)) {
        const wait = slidingWindow.waitMicros(state, 0, limit, at)
        if (wait === 0) slidingWindow.take(state, 0, limit, at)
        else {
          const early = slidingWindow.waitMicros(state, 0, limit, at + wait - 1)
          if (early !== 1 || slidingWindow.waitMicros(state, 0, limit, at + wait) !== 0) wrong.push(at)
        }
      }
    }
    expect(wrong).toEqual([])
  })

  it('bursts come back whole: a client that waits and then sends all it may loses nothing', () => {
    const limit = limitOf(1000)
    const times: number[] = []
    for (let minute = 0; minute < 5; minute++) {
      for (let i = 0; i < 1100; i++) times.push(minute * 60_000_000 + i)
    }
    // A burst lasts a millisecond, so the next may begin when its last charge has left.
    const shifted = times.map((at) => at + Math.floor(at / 60_000_000) * 1100)
    expect(play([limit], shifted)).toHaveLength(5000)
  })

  it('the usual form, which weighs the previous window by its overlap, lets more than the quota through', () => {
    const limit = limitOf(10)
    const window = limit.windowMicros
    // Ten at the very end of one window, then one whenever the interpolated count has room.
    const times = [
      ...Array.from({ length: 10 }, () => window - 1),
      ...Array.from({ length: 60 }, (_, second) => window + (second * window) / 60),
    ]
    const counts = new Map<number, number>()
    const usual = times.filter((at) => {
      const index = Math.floor(at / window)
      const overlap = 1 - (at % window) / window
      const count = (counts.get(index - 1) ?? 0) * overlap + (counts.get(index) ?? 0)
      if (count + 1 > 10) return false
      counts.set(index, (counts.get(index) ?? 0) + 1)
      return true
    })
    const ofUsual = usual.map((at) => ({ at, cost: 1 }))
    expect(fullestWindow(ofUsual, window)).toBeGreaterThan(17)
    expect(fullestWindow(play([limit], times), window)).toBe(10)
  })
})
