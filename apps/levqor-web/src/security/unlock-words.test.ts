import { expect, it } from 'vitest'
import { unlockWords } from './unlock-words.ts'

const ada = 'ada@example.com'
const home = '198.51.100.7'

it('says what was unlocked, and where it was not', () => {
  expect(unlockWords(['account', 'account-address'], ada, home)).toEqual({
    title: `${ada} is unlocked`,
    text: `From ${home}, too. Whoever guessed from elsewhere stays locked out there.`,
  })
  expect(unlockWords(['account-address'], ada, home).title).toBe(`${ada} is unlocked from ${home}`)
  expect(unlockWords(['account'], ada, home).text).toContain(`From ${home} it was not locked`)
  const everywhereElse = unlockWords(['account'], ada, undefined)
  expect(everywhereElse.title).toBe('Unlocked, except where the wrong guesses came from')
  expect(everywhereElse.text).toContain('give its network address')
})

it('says that nothing was locked, as far as it looked', () => {
  expect(unlockWords([], ada, home).text).toContain(`neither as a whole nor from ${home}`)
  expect(unlockWords([], ada, undefined).text).toContain('One network address still may be')
})
