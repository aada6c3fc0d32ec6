import { describe, expect, it } from 'vitest'
import { suggest } from './suggest.ts'

describe('the nearest known word', () => {
  it.each([
    ['jsno', ['json', 'out'], 'json'],
    ['JSON', ['json', 'out'], 'json'],
    ['cat', ['cart', 'cut', 'cat'], 'cat'],
    ['carts', ['cut', 'cart'], 'cart'],
    ['productoin', ['production', 'path'], 'production'],
    ['allowhost', ['allow-host'], 'allow-host'],
    ['zzzz', ['json', 'out'], undefined],
    ['', ['json'], undefined],
    ['j'.repeat(65), ['json'], undefined],
  ])('%s', (word, known, meant) => {
    expect(suggest(word, known)).toBe(meant)
  })
})
