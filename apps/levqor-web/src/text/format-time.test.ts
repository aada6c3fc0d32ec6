import { expect, it } from 'vitest'
import { formatAgo, formatDuration } from './format-time.ts'

it.each([
  [0, '0 ms'],
  [84.4, '84 ms'],
  [999, '999 ms'],
  [1_240, '1.2 s'],
  [9_940, '9.9 s'],
  [9_960, '10 s'],
  [59_940, '60 s'],
  [60_000, '1 min'],
  [185_000, '3 min 5 s'],
  [3_600_000, '1 h'],
  [7_800_000, '2 h 10 min'],
  [90_000_000, '1 d 1 h'],
])('a duration of %d ms reads %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

it.each([
  [0, 'just now'],
  [-12_900, '12 s ago'],
  [-61_000, '1 min ago'],
  [-3_599_000, '59 min ago'],
  [300_000, 'in 5 min'],
  [299_100, 'in 5 min'],
  [59_700, 'in 1 min'],
  [3_599_000, 'in 1 h'],
  [5_000_000, 'in 1 h'],
  [86_399_000, 'in 1 d'],
  [7 * 86_400_000 - 40, 'in 7 d'],
  [-119_900, '1 min ago'],
  [-3 * 86_400_000, '3 d ago'],
])('a moment %d ms away reads %s', (distance, text) => {
  expect(formatAgo(1e12 + distance, 1e12)).toBe(text)
})
