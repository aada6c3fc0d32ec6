import { expect, it } from 'vitest'
import { realIds, seededIds } from './ids.ts'

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

it('makes UUIDv7 text that carries the time', () => {
  const now = Date.UTC(2026, 5, 1)
  const id = realIds(() => now).next()
  expect(id).toMatch(uuidV7)
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(now)
})

it('strictly increases inside one millisecond, past the counter, and when the clock steps back', () => {
  let now = 1_000_000
  const ids = realIds(() => now)
  const made = Array.from({ length: 10_000 }, () => ids.next())
  now -= 5000
  made.push(ids.next())
  expect(made).toEqual([...made].sort())
  expect(new Set(made).size).toBe(made.length)
  for (const id of made) expect(id).toMatch(uuidV7)
})

it('repeats a seeded sequence exactly, and gives another seed another one', () => {
  const take = (seed: number) => {
    const ids = seededIds(seed)
    return Array.from({ length: 100 }, () => ids.next())
  }
  expect(take(7)).toEqual(take(7))
  expect(take(7).filter((id) => take(8).includes(id))).toEqual([])
  expect(take(7)).toEqual(take(7).sort())
})
