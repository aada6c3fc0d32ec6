import { expect, it } from 'vitest'
import { createIds } from './ids.ts'

const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

it('makes UUIDv7 texts that strictly increase, also within one millisecond and when the clock steps back', () => {
  let now = Date.UTC(2026, 0, 5)
  const ids = createIds({ now: () => now })
  const made: string[] = []
  for (let i = 0; i < 10_000; i++) {
    if (i === 6_000) now -= 5_000
    made.push(ids.next())
  }
  for (const id of made) expect(id).toMatch(version7)
  expect(made.toSorted()).toEqual(made)
  expect(new Set(made).size).toBe(made.length)
})
