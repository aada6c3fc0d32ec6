import { describe, expect, it } from 'vitest'
import { testPolicy } from '../kernel/guard-for-tests.ts'
import type { LimitRule } from '../limits/limit.ts'
import { checkPolicy } from './define-policy.ts'
import type { DoorRule } from './policy.ts'

const door: Omit<DoorRule, 'strangers'> = { authentication: 'none', onStoreFailure: 'local' }

describe('a limit that can never refuse anything', () => {
  const minute = 60_000
  const a: LimitRule = { name: 'a', by: 'address', quota: 60, windowMs: minute }
  const strict = { ...a, name: 'strict' }
  const check = (rule: LimitRule, other: LimitRule, elsewhere: readonly LimitRule[] = [other]) =>
    checkPolicy({
      ...testPolicy,
      unmatched: 'unmatched',
      doors: {
        unmatched: { ...door, strangers: [rule, other] },
        elsewhere: { ...door, strangers: elsewhere },
      },
    }).map(({ code, path }) => `${code} ${path}`)
  const found = ['limit_shadowed doors.unmatched.strangers[0]']

  it.each<[string, LimitRule]>([
    ['fewer', { ...strict, quota: 30 }],
    ['the same number over a longer time', { ...strict, windowMs: 2 * minute }],
    ['exactly the same', strict],
    ['everybody together', { ...strict, by: 'global', quota: 30 }],
    ['dearer', { ...strict, cost: 2 }],
  ])('because another one counts the same and allows %s', (_, other) => {
    expect(check(a, other)).toEqual(found)
  })

  it.each<[string, LimitRule]>([
    ['more at once, though less in the long run', { ...strict, quota: 100, windowMs: 60 * minute }],
    ['less at once, but more in the long run', { ...strict, burst: 5, quota: 600 }],
    ['by something else', { ...strict, by: ['address', 'door'], quota: 30 }],
    ['by another form of window', { ...strict, quota: 30, algorithm: 'sliding-window' }],
  ])('is not one beside a limit that allows %s', (_, other) => {
    expect(check(a, other)).toEqual([])
  })

  it('is none where a door without the stricter limit uses it too', () => {
    const other = { ...strict, quota: 30 }
    expect(check(a, other, [a])).toEqual([])
    expect(check(a, other, [a, other])).toEqual(found)
  })

  it('in windows that are compared by their own rules', () => {
    const sliding = { ...a, algorithm: 'sliding-window' } as const
    expect(check(sliding, { ...sliding, name: 'strict', quota: 30 })).toEqual(found)
    expect(check(sliding, { ...sliding, name: 'strict', quota: 30, windowMs: 1000 })).toEqual([])
    const fixed = { ...a, algorithm: 'fixed-window' } as const
    expect(check(fixed, { ...fixed, name: 'strict', quota: 30 })).toEqual(found)
    // At its edge the longer window lets 60 pass within a minute.
    expect(check(fixed, { ...fixed, name: 'strict', quota: 30, windowMs: 2 * minute })).toEqual([])
  })

  it('is none at a quota of one: whoever scales a policy down ends there', () => {
    const one = { ...a, quota: 1 }
    const shorter = { ...one, name: 'strict', windowMs: 60 * minute }
    expect(check(one, shorter)).toEqual([])
    expect(check({ ...a, quota: 2 }, shorter)).toEqual(found)
  })

  it('must be one for every plan', () => {
    const pro = { ...a, quota: { default: 60, pro: 10 } }
    expect(check(pro as LimitRule, { ...strict, quota: 30 })).toEqual([])
    expect(check(pro as LimitRule, { ...strict, quota: { default: 30, pro: 5 } })).toEqual(found)
  })
})
