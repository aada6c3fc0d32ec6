import { expect, it } from 'vitest'
import { tokenizeJson } from './tokenize-json.ts'

const samples: readonly unknown[] = [
  null,
  {},
  [],
  'a "quoted": \\ text',
  { a: 1, 'b:': [true, -1.5e-7, null], c: { d: '{"e": 1}' } },
]

it.each(samples)('coloured pieces joined are the same text: %j', (value) => {
  const text = JSON.stringify(value, undefined, 2)
  expect(
    tokenizeJson(text)
      .map((token) => token.text)
      .join(''),
  ).toBe(text)
})

it('tells keys from texts', () => {
  const kinds = tokenizeJson('{ "a": "b: c", "d": -1.5, "e": true }')
    .filter((token) => token.kind !== 'plain')
    .map((token) => [token.kind, token.text])
  expect(kinds).toEqual([
    ['key', '"a"'],
    ['text', '"b: c"'],
    ['key', '"d"'],
    ['number', '-1.5'],
    ['key', '"e"'],
    ['word', 'true'],
  ])
})
