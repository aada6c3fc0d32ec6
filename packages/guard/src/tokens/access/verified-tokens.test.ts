import { describe, expect, it } from 'vitest'
import { createVerifiedTokens } from './verified-tokens.ts'

const token = (i: number) => `header.payload-${i}.signature-${String(i).padStart(9, '0')}`

describe('verified tokens', () => {
  it('are found by their whole text only', () => {
    const verified = createVerifiedTokens<number>(10)
    verified.add(token(1), 1)
    expect(verified.find(token(1))).toBe(1)
    expect(verified.find('header.payload-2.signature-000000001')).toBeUndefined()
    expect(verified.find('signature-000000001')).toBeUndefined()
    expect(verified.find('')).toBeUndefined()
    expect(verified.find(token(1))).toBe(1)
  })

  it('stay within their bound, a hundred thousand tokens later, and the newest half is always there', () => {
    const verified = createVerifiedTokens<number>(100)
    let most = 0
    for (let i = 0; i < 100_000; i++) {
      verified.add(token(i), i)
      most = Math.max(most, verified.size)
    }
    expect(most).toBe(100)
    for (let i = 99_951; i < 100_000; i++) expect(verified.find(token(i))).toBe(i)
    expect(verified.find(token(0))).toBeUndefined()
  })

  it('that are used survive those that are not', () => {
    const verified = createVerifiedTokens<string>(10)
    verified.add(token(0), 'used')
    for (let i = 1; i < 1000; i++) {
      verified.add(token(i), 'once')
      expect(verified.find(token(0))).toBe('used')
      expect(verified.find('header.other.signature-000000000')).toBeUndefined()
    }
    expect(verified.size).toBeLessThanOrEqual(10)
  })

  it('with one number take each other’s place, and are never mistaken for each other', () => {
    const verified = createVerifiedTokens<number>(10)
    verified.add('header.payload-1.signature', 1)
    verified.add('header.payload-2.signature', 2)
    expect(verified.find('header.payload-1.signature')).toBeUndefined()
    expect(verified.find('header.payload-2.signature')).toBe(2)
    expect(verified.size).toBe(1)
  })

  it('added twice count once', () => {
    const verified = createVerifiedTokens<number>(10)
    verified.add(token(1), 1)
    verified.add(token(1), 2)
    expect([verified.size, verified.find(token(1))]).toEqual([1, 2])
  })
})
