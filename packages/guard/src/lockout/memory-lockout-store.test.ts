import { describe, expect, it } from 'vitest'
import { movableClock } from '../conformance/keyed-states-cases.ts'
import { lockoutStoreCases, type OpenLockoutStore } from '../conformance/lockout-store-cases.ts'
import { newCounter } from './lockout-counter.ts'
import { createMemoryLockoutStore } from './memory-lockout-store.ts'

describe('the lockout store in memory', () => {
  const open: OpenLockoutStore = async (clock) => ({
    store: createMemoryLockoutStore({ clock }),
    close: async () => {},
  })
  for (const { name, run } of lockoutStoreCases(open, 50)) it(name, run)

  function setup() {
    const clock = movableClock()
    const store = createMemoryLockoutStore({ clock, maxStates: 100 })
    const put = (id: string, facts: { lockedForMs?: number; openForMs?: number; forMs?: number } = {}) =>
      store.change([id], (_, now) => {
        const { lockedForMs, openForMs, forMs = 86_400_000 } = facts
        const state = {
          ...newCounter('account'),
          lockedUntilMs: lockedForMs === undefined ? 0 : now + lockedForMs,
          reservations: openForMs === undefined ? [] : [['open', now + openForMs] as const],
          forgetAtMs: now + forMs,
        }
        return { states: [state], result: undefined }
      })
    const has = (id: string) => store.change([id], (states) => ({ states, result: states[0] !== undefined }))
    return { clock, store, put, has }
  }

  it('stays within its bound; what has not changed for longest goes first', async () => {
    const { store, put, has } = setup()
    for (let i = 0; i < 100; i++) await put(`n${i}`)
    await put('n0')
    await put('newcomer')
    expect([store.size, await has('n0'), await has('n1'), await has('newcomer')]).toEqual([
      100,
      true,
      false,
      true,
    ])
  })

  it('a flood of names frees nobody who is locked and no check under way', async () => {
    const { store, put, has } = setup()
    for (let i = 0; i < 40; i++) await put(`locked${i}`, { lockedForMs: 60_000 })
    await put('open', { openForMs: 10_000 })
    for (let i = 0; i < 1000; i++) await put(`flood${i}`)
    expect(store.size).toBe(100)
    for (let i = 0; i < 40; i++) expect(await has(`locked${i}`)).toBe(true)
    expect(await has('open')).toBe(true)
  })

  it('full of locks it refuses a newcomer, until one has lapsed', async () => {
    const { clock, store, put, has } = setup()
    for (let i = 0; i < 100; i++) await put(`locked${i}`, { lockedForMs: 60_000, forMs: 90_000 })
    await expect(put('newcomer')).rejects.toThrow('full')
    expect([store.size, await has('newcomer')]).toEqual([100, false])
    clock.advance(90_000)
    await put('newcomer')
    expect(await has('newcomer')).toBe(true)
  })
})
