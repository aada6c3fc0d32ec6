import { expect, it } from 'vitest'
import { createSealer } from './sealer.ts'

const key = Buffer.alloc(32, 7)
const secret = Buffer.from('twenty bytes of them')

it('opens what it sealed, and never seals the same twice', () => {
  const sealer = createSealer(key)
  const sealed = sealer.seal(secret, 'totp ada')
  expect(sealer.open(sealed, 'totp ada')).toEqual(secret)
  expect(sealer.seal(secret, 'totp ada')).not.toBe(sealed)
  expect(sealed).not.toContain(secret.toString('base64url'))
})

it('opens nothing that belongs to another account, was sealed with another key, or was changed', () => {
  const sealer = createSealer(key)
  const sealed = sealer.seal(secret, 'totp ada')
  const flipped = [4, 24, sealed.length - 2].map(
    (at) => sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1),
  )
  expect(() => sealer.open(sealed, 'totp bob')).toThrow('cannot be opened')
  expect(() => createSealer(Buffer.alloc(32, 8)).open(sealed, 'totp ada')).toThrow('cannot be opened')
  for (const text of [...flipped, sealed.slice(0, -8), 'v1.', '', sealed.replace('v1', 'v2')]) {
    expect(() => sealer.open(text, 'totp ada'), text).toThrow('cannot be opened')
  }
})
