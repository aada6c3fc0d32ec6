import { randomBytes } from 'node:crypto'
import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createSecret, estimateEntropyBits } from './secret.ts'

const strong = 'q8Zr1vYc0Lw5sKx9Tn2Jb7Ue4Gd6Ha3MpQfWiRoVzX'

describe('secrets', () => {
  it('show their name wherever they are printed', () => {
    const secret = createSecret(strong, { name: 'LEVQOR_SECRET' })
    const printed = [
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }),
      inspect(secret),
      String(secret),
      `${[secret]}`,
      format('%s', secret),
      format('%o', secret),
      format('%O', { deep: { secret } }),
      format('%j', { secret }),
      format(secret),
      inspect(secret, { showHidden: true, depth: null, customInspect: false }).replace('[Getter]', '') +
        secret.name,
      format(new Error('failed', { cause: secret })),
      inspect(new AggregateError([secret], secret.toString())),
      inspect(new Map([[secret, new Set([secret])]])),
      Object.values({ ...secret }).join(),
    ]
    for (const text of printed) {
      expect(text).not.toContain(strong)
      expect(text).toContain('LEVQOR_SECRET')
    }
    expect(secret.reveal()).toBe(strong)
  })

  it.each([
    ['', 'is empty'],
    ['  ', 'is empty'],
    ['changeme', 'is a well-known default or made of words'],
    ['password123', 'is a well-known default or made of words'],
    ['your-256-bit-secret', 'is a well-known default or made of words'],
    ['secret-secret-secret-secret-secret', 'is a well-known default or made of words'],
    ['x8#kQ2!v', 'has 8 characters, needs 32'],
    ['x', 'has 1 character, needs 32'],
    ['a'.repeat(64), 'repeats itself'],
    ['abc'.repeat(30), 'repeats itself'],
    ['0987654321'.repeat(8), 'repeats itself'],
    ['abcdefghijklmnopqrstuvwxyzabcdefghijklmnop', 'is too easy to guess: it is no random text'],
  ])('refuses %j: %s', (weak, why) => {
    const message = `KEY ${why}. Make one: npx guard secrets`
    expect(() => createSecret(weak, { name: 'KEY' })).toThrow(expect.objectContaining({ message }))
  })

  it('takes what generators make: 32 random bytes in hex, base64 and base64url', () => {
    for (let i = 0; i < 200; i++) {
      for (const form of ['hex', 'base64', 'base64url'] as const) {
        expect(estimateEntropyBits(randomBytes(32).toString(form))).toBeGreaterThan(128)
      }
    }
  })

  it('the least is adjustable', () => {
    expect(createSecret('x8#kQ2!vLp', { name: 'PIN', minimumBits: 20 }).reveal()).toBe('x8#kQ2!vLp')
  })
})
