import { expect, it } from 'vitest'
import { keyState } from './key-state.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const earlier = '2026-11-21T11:59:59.999Z'
const moment = '2026-11-21T12:00:00.000Z'
const later = '2026-11-21T12:00:00.001Z'
const key = { revoked_at: null, revoked_reason: null, expires_at: null, overlap_until: null }

it.each([
  [{}, { kind: 'active' }],
  [{ expires_at: later }, { kind: 'active' }],
  [{ expires_at: moment }, { kind: 'ended', at: moment, words: 'expired' }],
  [{ overlap_until: later }, { kind: 'rotating', until: later }],
  [{ overlap_until: moment }, { kind: 'ended', at: moment, words: 'replaced' }],
  [
    { overlap_until: later, revoked_at: earlier, revoked_reason: 'fell_silent' as const },
    { kind: 'ended', at: earlier, words: 'replaced, not used any more' },
  ],
  // Made before reasons were kept.
  [{ revoked_at: earlier }, { kind: 'ended', at: earlier, words: 'revoked' }],
])('%j is %j', (facts, state) => {
  expect(keyState({ ...key, ...facts }, now)).toEqual(state)
})
