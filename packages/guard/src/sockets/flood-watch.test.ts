import { manualClock } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { createFloodWatch } from './flood-watch.ts'

describe('refusals of one socket', () => {
  const setup = () => {
    const clock = manualClock()
    return { clock, watch: createFloodWatch({ quota: 3, windowMs: 1000 }, clock) }
  }

  it('are worth one event per kind and window, and are enough above the quota', () => {
    const { clock, watch } = setup()
    const notes = ['a', 'a', 'b', 'a'].map((kind) => watch.note(kind))
    expect(notes.map(({ first }) => first)).toEqual([true, false, true, false])
    expect(notes.map(({ cut }) => cut)).toEqual([false, false, false, true])
    expect(notes[3]?.refusals).toBe(4)
    clock.advance(1000)
    expect(watch.note('a')).toEqual({ first: true, cut: false, refusals: 1 })
  })

  it('count on until the window’s last millisecond', () => {
    const { clock, watch } = setup()
    for (let i = 0; i < 3; i++) watch.note('a')
    clock.advance(999)
    expect(watch.note('a').cut).toBe(true)
  })

  it('a clock that was set back begins a window', () => {
    const { clock, watch } = setup()
    for (let i = 0; i < 3; i++) watch.note('a')
    clock.set(0)
    expect(watch.note('a')).toMatchObject({ first: true, refusals: 1 })
  })
})
