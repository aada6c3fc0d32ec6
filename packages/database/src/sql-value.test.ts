import { expect, it } from 'vitest'
import { toSqlValue } from './sql-value.ts'

it('passes what both dialects can bind, and turns booleans into 0 and 1', () => {
  const bytes = new Uint8Array([1])
  expect([null, 'a', 1.5, bytes, true, false, 7n].map(toSqlValue)).toEqual([null, 'a', 1.5, bytes, 1, 0, 7])
})

it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, new Date(0), {}, [], 2n ** 60n])(
  'refuses %s, which one of the dialects would store differently',
  (value) => {
    expect(() => toSqlValue(value)).toThrow(expect.objectContaining({ code: 'bad_sql_value' }))
  },
)
