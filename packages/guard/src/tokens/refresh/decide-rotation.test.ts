import { describe, expect, it } from 'vitest'
import { startMs } from '../test-tokens.ts'
import { decideRotation, rotationTimes } from './decide-rotation.ts'
import type { RefreshFamily } from './refresh-store.ts'

const windowMs = 10_000

function family(facts: Partial<RefreshFamily> = {}): RefreshFamily {
  return {
    id: 'family_1',
    userId: 'user_1',
    seed: 'seed',
    counter: 5,
    tokenHash: 'hash',
    rotatedAtMs: [startMs - 1000, startMs],
    createdAtMs: startMs - 5000,
    expiresAtMs: startMs + 86_400_000,
    ...facts,
  }
}

const decide = (counter: number, nowMs: number, facts?: Partial<RefreshFamily>) => {
  const decision = decideRotation(family(facts), counter, nowMs, windowMs)
  return decision.action === 'refuse' ? decision.reason : decision.action
}

describe('a shown refresh token', () => {
  it.each([
    ['the newest rotates', 5, 0, 'rotate'],
    ['the newest rotates, however old it is', 5, 80_000_000, 'rotate'],
    ['the one before repeats', 4, 0, 'repeat'],
    ['the one before repeats until the window ends', 4, 10_000, 'repeat'],
    ['and a millisecond later is reuse', 4, 10_001, 'reuse'],
    ['two before: its own window counts', 3, 9_000, 'repeat'],
    ['two before: and not the last one’s', 3, 9_001, 'reuse'],
    ['three before is forgotten, so long ago was it', 2, 0, 'reuse'],
    ['the very first is reuse', 1, 0, 'reuse'],
    ['none was ever so new: a store that was put back', 6, 0, 'unknown'],
    ['a clock that was set back punishes nobody', 4, -3_600_000, 'repeat'],
    ['at its end the family has expired', 5, 86_400_000, 'expired'],
    ['a millisecond before it has not', 5, 86_399_999, 'rotate'],
    ['an expired family is not worth punishing', 1, 86_400_000, 'expired'],
  ] as const)('%s', (_, counter, laterMs, expected) => {
    expect(decide(counter, startMs + laterMs)).toBe(expected)
  })

  it('of an ended family is refused, whatever it is', () => {
    for (const counter of [1, 4, 5, 6]) {
      expect(decide(counter, startMs, { endedCause: 'signed_out' })).toBe('ended')
    }
  })
})

describe('the times that a family remembers', () => {
  it('are those within the window, and the new one', () => {
    const times = rotationTimes(family(), startMs + 9_500, windowMs)
    expect(times).toEqual([startMs, startMs + 9_500])
    expect(rotationTimes(family(), startMs + 9_000, windowMs)).toEqual([
      startMs - 1000,
      startMs,
      startMs + 9_000,
    ])
    expect(rotationTimes(family(), startMs + 10_001, windowMs)).toEqual([startMs + 10_001])
  })

  it('are never more than sixteen', () => {
    const rotatedAtMs = Array.from({ length: 16 }, (_, i) => startMs + i)
    expect(rotationTimes(family({ rotatedAtMs }), startMs + 16, windowMs)).toEqual(
      Array.from({ length: 16 }, (_, i) => startMs + i + 1),
    )
  })

  it('stay in step with the numbers when a clock was set back', () => {
    const rotatedAtMs = [startMs + 3_600_000, startMs]
    expect(rotationTimes(family({ rotatedAtMs }), startMs + 10_001, windowMs)).toEqual([startMs + 10_001])
  })
})
