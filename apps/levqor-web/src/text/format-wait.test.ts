import { expect, it } from 'vitest'
import { formatWait } from './format-wait.ts'

it('is told in seconds at first sight of the end, before that in minutes, rounded up', () => {
  expect([1, 89, 90, 120, 121, 900].map(formatWait)).toEqual([
    '1 s',
    '89 s',
    '2 min',
    '2 min',
    '3 min',
    '15 min',
  ])
})
