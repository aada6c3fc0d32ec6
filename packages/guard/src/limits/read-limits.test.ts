import { describe, expect, it } from 'vitest'
import { readLimits } from './read-limits.ts'

const minute = 60_000
const hour = 60 * minute

describe('limits as people write them', () => {
  it.each([
    ['5 per minute', 5, minute],
    ['5 Per Minute', 5, minute],
    ['5/minute', 5, minute],
    ['10/10 s', 10, 10_000],
    ['10 / 10s', 10, 10_000],
    ['100 per 15 minutes', 100, 15 * minute],
    ['3 per 250 ms', 3, 250],
    ['3/250milliseconds', 3, 250],
    ['2 per sec', 2, 1000],
    ['2 per 2 secs', 2, 2000],
    ['60 per m', 60, minute],
    ['60 per 5 mins', 60, 5 * minute],
    ['1000/h', 1000, hour],
    ['1000 per 2 hours', 1000, 2 * hour],
    ['500 per day', 500, 24 * hour],
    ['500/d', 500, 24 * hour],
    ['2000 per week', 2000, 168 * hour],
    ['2000 per 2 w', 2000, 336 * hour],
  ])('%s', (text, quota, windowMs) => {
    expect(readLimits(text)).toEqual([{ quota, windowMs }])
  })

  it('several, separated by semicolons', () => {
    expect(readLimits(' 5 per minute ;100 per hour')).toEqual([
      { quota: 5, windowMs: minute },
      { quota: 100, windowMs: hour },
    ])
  })

  it.each([
    ['', 'Write it as'],
    ['5 per minute;', '"": Write it as'],
    ['a few per minute', 'Write it as'],
    ['5 minutes', 'Write it as'],
    ['5, 6 per minute', 'Write it as'],
    ['5 per fortnight', 'no unit "fortnight"'],
    ['5 per constructor', 'no unit "constructor"'],
    ['0 per minute', 'above 0, not 0'],
    ['-5 per minute', 'above 0, not -5'],
    ['1.5 per minute', 'whole number above 0, not 1.5'],
    ['1_000 per hour', 'whole number above 0, not 1_000'],
    ['5 per -1 minute', 'The window must be a whole number of minutes above 0, not -1'],
    ['5 per 0 s', 'The window must be'],
    ['5 per 0.5 seconds', 'The window must be a whole number of seconds above 0, not 0.5'],
    [`${'9'.repeat(20)} per day`, 'whole number above 0'],
    [`${'9'.repeat(400)} per day`, 'Write it as'],
  ])('refuses "%s" and says why', (text, why) => {
    expect(() => readLimits(text)).toThrow(why)
  })

  it('names every bad one at once, with a stable code', () => {
    try {
      readLimits('5 per minute; x; 5 per -2 hours')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({
        code: 'bad_limit_form',
        details: [expect.stringContaining('"x"'), expect.stringContaining('hours above 0, not -2')],
      })
    }
  })

  it('takes no longer for a long line of nonsense', () => {
    const nonsense = `${'1'.repeat(50_000)} per ${' '.repeat(50_000)}!`
    const started = performance.now()
    expect(() => readLimits(nonsense)).toThrow('cannot be read')
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
