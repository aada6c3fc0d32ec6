import { describe, expect, it } from 'vitest'
import { parseCsv } from './parse-csv.ts'

const rows = (text: string, more: object = {}) => parseCsv({ text, header: true, numbers: false, ...more })

describe('parseCsv', () => {
  it('reads quotes, line breaks in cells, a byte order mark and CRLF', () => {
    expect(rows('\uFEFFname,note\r\n"Ada, L.","two\nlines ""quoted"""\r\n\r\nBob,\r\n')).toEqual({
      columns: ['name', 'note'],
      rows: [
        { name: 'Ada, L.', note: 'two\nlines "quoted"' },
        { name: 'Bob', note: '' },
      ],
      count: 2,
    })
  })

  it.each([
    ['a;b\n1,5;2', ';'],
    ['a\tb\n1\t2', '\t'],
    ['a|b\n1|2', '|'],
    ['a,b\n1,2', ','],
  ])('finds the delimiter of %j', (text) => {
    expect(rows(text).columns).toEqual(['a', 'b'])
  })

  it('turns plain numerals into numbers when asked, and nothing else', () => {
    const cells = ['12', '-3.50', '0', '007', '1,000', '1e5', '', '12345678901234567890', ' 5 ', 'NaN']
    const text = `v\n${cells.map((cell) => `"${cell}"`).join('\n')}`
    const values = (numbers: boolean) =>
      parseCsv({ text, header: false, numbers, delimiter: ',' }).rows.flat().slice(1)
    expect(values(true)).toEqual([12, -3.5, 0, '007', '1,000', '1e5', '', '12345678901234567890', 5, 'NaN'])
    expect(values(false)[0]).toBe('12')
  })

  it('loses no cell to repeated or empty names, and fills short rows', () => {
    expect(rows('a,a,,b\n1,2,3')).toMatchObject({
      columns: ['a', 'a_2', 'column_3', 'b'],
      rows: [{ a: '1', a_2: '2', column_3: '3', b: '' }],
    })
  })

  it('without a header a row is a list', () => {
    expect(rows('1,2\n3', { header: false })).toEqual({ columns: [], rows: [['1', '2'], ['3']], count: 2 })
  })

  it.each(['', '\n\n', 'a,b'])('%j has no rows', (text) => {
    expect(rows(text)).toMatchObject({ rows: [], count: 0 })
  })

  it('says what is wrong with a text that is no CSV', () => {
    expect(() => rows('a,b\n"open,2')).toThrow(expect.objectContaining({ code: 'bad_csv', final: true }))
  })

  it('1,000 columns are read, 1,001 are not', () => {
    const header = (count: number) => Array.from({ length: count }, (_, n) => `c${n}`).join(',')
    expect(rows(header(1_000)).columns).toHaveLength(1_000)
    expect(() => rows(header(1_001))).toThrow(expect.objectContaining({ code: 'bad_csv' }))
  })
})
