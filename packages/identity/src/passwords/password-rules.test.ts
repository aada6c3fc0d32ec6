import { describe, expect, it } from 'vitest'
import { loadCommonPasswords } from './common-passwords.ts'
import {
  longPasswords,
  mixedPasswords,
  type PasswordRules,
  passwordProblems,
  preparePassword,
} from './password-rules.ts'

async function problems(text: string, rules: PasswordRules = longPasswords, hasSecondFactor = false) {
  const found = passwordProblems(preparePassword(text), {
    rules,
    isCommon: await loadCommonPasswords(),
    hasSecondFactor,
    context: ['ada.lovelace@example.com', 'ada.lovelace', 'Levqor'],
    pointer: '/password',
  })
  for (const { pointer, message } of found)
    expect([pointer, message]).toEqual(['/password', expect.stringMatching(/\.$/)])
  return found.map(({ code }) => code)
}

describe('long passwords', () => {
  it.each<[string, string[]]>([
    ['correct horse b', []],
    ['correct horse ', ['password_too_short']],
    ['ääääöööößßßßüü7', []],
    ['🐴🔋📎🐴🔋📎🐴🔋📎🐴🔋📎🐴🔋', ['password_too_short']],
    [`${'ab 9x'.repeat(51)}y`, []],
    [`${'ab 9x'.repeat(51)}yz`, ['password_too_long']],
    ['aaaaaaaaaaaaaaaaaaaa', ['password_common']],
    ['abcabcabcabcabcabc', ['password_common']],
    ['passwordpassword', ['password_common']],
    ['QWERTY123456789', ['password_common']],
    ['ada.lovelace@example.com', ['password_guessable']],
    ['Ada.Lovelace123', ['password_guessable']],
    ['levqorlevqor1234', ['password_guessable']],
    ['the levqor horse eats', []],
    ['correct horse\u0000battery', ['password_characters']],
    ['correct horse\nbattery', ['password_characters']],
    ['', ['password_too_short']],
  ])('%j: %j', async (text, expected) => {
    expect(await problems(text)).toEqual(expected)
  })

  it('eight characters do with a second factor, seven do not; known ones never', async () => {
    expect(await problems('kq7 Zv#p', longPasswords, true)).toEqual([])
    expect(await problems('kq7 Zv#', longPasswords, true)).toEqual(['password_too_short'])
    expect(await problems('iloveyou', longPasswords, true)).toEqual(['password_common'])
  })

  it('10 MB are looked at in no time', async () => {
    const started = performance.now()
    expect(await problems('x'.repeat(10_000_000))).toContain('password_too_long')
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

describe('mixed passwords', () => {
  it.each<[string, string[]]>([
    ['Kq7#zv Lp', []],
    ['Kq7#zvL', ['password_too_short']],
    ['kq7#zvlp', ['password_kinds']],
    ['KQZVLPWR', ['password_kinds']],
    ['Ünü7#ñöß', []],
  ])('%j: %j', async (text, expected) => {
    expect(await problems(text, mixedPasswords)).toEqual(expected)
  })
})

it('one password has one spelling, whatever keyboard it comes from', () => {
  expect(preparePassword('A\u030Angstro\u0308m\u00A0\u3000x')).toBe('Ångström  x')
})
