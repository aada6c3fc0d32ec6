import fc from 'fast-check'
import { expect, it } from 'vitest'
import { repeatsName } from './repeated-name.ts'

it.each([
  '{"a":1,"a":2}',
  '{"a":1,"\\u0061":2}',
  '{"":1,"":2}',
  '[{"x":{"b":[],"c":"}","b":{}}}]',
  '{"a":"\\\\","a":1}',
  '{"__proto__":1,"__proto__":2}',
])('a name twice is seen: %s', (json) => {
  expect(repeatsName(json)).toBe(true)
})

it.each([
  '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
  '{"a":"\\",\\"a\\":1"}',
  '["a","a"]',
  '{"a":"a","b":"a"}',
  '"a"',
  '7',
])('a name once in each object is not: %s', (json) => {
  expect(repeatsName(json)).toBe(false)
})

it('of any JSON value as it is written, no name is repeated; with its first name once more, one is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value)
      expect(repeatsName(json)).toBe(false)
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return
      const [name] = Object.keys(value)
      if (name !== undefined) expect(repeatsName(`{${JSON.stringify(name)}:0,${json.slice(1)}`)).toBe(true)
    }),
  )
})
