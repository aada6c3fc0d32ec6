import { describe, expect, it } from 'vitest'
import { checkLimitRule } from '../policy/check-limit-rule.ts'
import { compileLimit, type LimitRule } from './limit.ts'

const rule: LimitRule = { name: 'l', by: 'address', quota: 7, windowMs: 1000 }
const day = 86_400_000

describe('a limit with its numbers worked out', () => {
  it('rounds so that never more than the quota passes', () => {
    expect(compileLimit(rule)).toMatchObject({ intervalMicros: 142_858, capacityMicros: 7 * 142_858 })
    expect(compileLimit({ ...rule, windowMs: 1 / 3 })).toMatchObject({ windowMicros: 334 })
  })

  it('chooses quota and burst by plan; a plan nobody named gets the default', () => {
    const byPlan: LimitRule = { ...rule, quota: { default: 10, pro: 20 }, burst: { default: 1, pro: 2 } }
    expect(compileLimit(byPlan, 'pro')).toMatchObject({ quota: 20, burst: 2 })
    for (const plan of [undefined, 'free', 'constructor']) {
      expect(compileLimit(byPlan, plan)).toMatchObject({ quota: 10, burst: 1 })
    }
  })

  it('counts apart what is counted differently, whatever its name', () => {
    const keys = [
      compileLimit(rule),
      compileLimit({ ...rule, algorithm: 'sliding-window' }),
      compileLimit({ ...rule, algorithm: 'fixed-window' }),
      compileLimit({ ...rule, windowMs: 2000 }),
      compileLimit({ ...rule, name: 'm' }),
    ].map((limit) => limit.countKey)
    expect(new Set(keys).size).toBe(5)
    expect(compileLimit({ ...rule, quota: 8 }).countKey).toBe(keys[0])
  })
})

describe('a rule that could not be kept is refused', () => {
  const codes = (facts: Partial<LimitRule>) =>
    checkLimitRule({ ...rule, ...facts }, 'here', 'strangers').map((problem) => problem.code)

  it.each<[string[], Partial<LimitRule>]>([
    [[], { windowMs: 366 * day }],
    [['limit_window'], { windowMs: 366 * day + 1 }],
    [['limit_window'], { windowMs: Number.NaN }],
    [[], { quota: 5, burst: 5 }],
    [['limit_burst'], { quota: 5, burst: 6 }],
    [['limit_burst'], { quota: { default: 100, slow: 1 }, burst: { default: 1, slow: 2 } }],
    [['limit_quota', 'limit_burst'], { quota: 0, burst: 5 }],
  ])('%j', (expected, facts) => {
    expect(codes(facts)).toEqual(expected)
  })
})
