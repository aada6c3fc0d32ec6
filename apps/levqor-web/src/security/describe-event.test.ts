import { expect, it } from 'vitest'
import { describeEvent } from './describe-event.ts'

it('says how often a merged event happened, and durations in words', () => {
  expect(
    describeEvent({
      event: 'auth.failed',
      details: {
        merged: 37,
        cause: 'malformed',
        windowMs: 300_000,
        silent_after_ms: 1_500,
        knownDevice: false,
        lockMs: 60_000,
      },
    }),
  ).toEqual({
    title: 'A credential was refused, 37 times',
    details: [
      ['cause', 'malformed'],
      ['window', '5 minutes'],
      ['silent after', '1.5 seconds'],
      ['known device', 'no'],
      ['lock', '1 minute'],
    ],
  })
  expect(describeEvent({ event: 'door.unknown', details: {} })).toEqual({
    title: 'Route without a door',
    details: [],
  })
  expect(describeEvent({ event: 'of.an.older.catalogue', details: {} }).title).toBe('of.an.older.catalogue')
})
