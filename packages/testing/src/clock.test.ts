import { expect, it } from 'vitest'
import { manualClock } from './clock.ts'

it('stands still until it is moved', () => {
  const clock = manualClock(1000)
  expect([clock.now(), clock.now()]).toEqual([1000, 1000])
  clock.advance(250)
  expect(clock.now()).toBe(1250)
  clock.set(5)
  expect(clock.now()).toBe(5)
})

it('refuses to advance backwards', () => {
  expect(() => manualClock().advance(-1)).toThrow('not by -1')
})
