import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeCursor, encodeCursor } from './cursor.ts'

it('gives back what went in', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 60 }).filter((text) => !text.includes('\0')),
      fc.maxSafeInteger(),
      (text, number) => {
        expect(decodeCursor(encodeCursor([text, number]), ['string', 'number'])).toEqual([text, number])
      },
    ),
  )
})

it('refuses whatever was not issued by the same list', () => {
  const foreign = [
    '',
    'garbage',
    encodeCursor([1, 'a']),
    encodeCursor(['a']),
    encodeCursor(['a', 1.5]),
    encodeCursor(['\0', 1]),
    encodeCursor(['\ud800', 1]),
    `${encodeCursor(['a', 1])}=`,
    'x'.repeat(501),
    Buffer.from('{"length":2}').toString('base64url'),
  ]
  for (const text of foreign) {
    expect(() => decodeCursor(text, ['string', 'number'])).toThrow(
      expect.objectContaining({ code: 'bad_cursor' }),
    )
  }
})

it('never fails in another way, whatever the text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        decodeCursor(text, ['number'])
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad_cursor' })
      }
    }),
  )
})
