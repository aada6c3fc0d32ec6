import { describe, expect, it } from 'vitest'
import { isLinearPattern } from './linear-pattern.ts'

describe('isLinearPattern', () => {
  it.each([
    '^[a-z]+$',
    '^[A-Z]{2}\\d{4}$',
    '^[a-z0-9-]{1,64}$',
    '^https?:',
    '^\\d\\d-\\d+',
    '^.{3}$',
    '^[^\\]"]*$',
    '^\\.x{2,2}$',
  ])('%s is proven', (pattern) => {
    expect(isLinearPattern(pattern)).toBe(true)
    expect(() => new RegExp(pattern, 'u')).not.toThrow()
  })

  it.each([
    '(a+)+',
    '^(a+)+$',
    '^a*a*$',
    '^\\d+\\d+$',
    '^a?a?a?aaa$',
    'a*b',
    'abc',
    '^(?=a)a',
    '^(a)\\1$',
    '^a|b$',
    '^\\p{L}+$',
    '^a{2,3}b{4,5}$',
    `^${'a'.repeat(600)}$`,
    '^a**$',
    '^[a',
    '',
  ])('%s is not', (pattern) => {
    expect(isLinearPattern(pattern)).toBe(false)
  })

  it('what is proven takes no time on a long text', () => {
    const text = 'a'.repeat(200_000)
    for (const pattern of ['^[a-z]+$', '^a{1,999}b', '^.*x$', '^[ab]*?c']) {
      expect(isLinearPattern(pattern)).toBe(true)
      const start = performance.now()
      new RegExp(pattern, 'u').test(`${text}!`)
      expect(performance.now() - start).toBeLessThan(1_000)
    }
  })
})
