// What happens to a family when one of its tokens is shown. Pure: everything it depends on stands in the family.
//
//   shown number      replaced             decision
//   newest            –                    rotate
//   older             inside the window    repeat: somebody lost a race; the newest token again
//   older             before the window    reuse: two hold the family's tokens, one of them a thief; it ends
//   newer             –                    refuse: a store that was put back; nobody is punished
import type { RefreshFamily } from './refresh-store.ts'

/** What to do. */
export type RotationDecision =
  | { readonly action: 'rotate' | 'repeat' | 'reuse' }
  | { readonly action: 'refuse'; readonly reason: 'ended' | 'expired' | 'unknown' }

/** Decides for a token that is really the family's. */
export function decideRotation(
  family: RefreshFamily,
  shownCounter: number,
  nowMs: number,
  reuseWindowMs: number,
): RotationDecision {
  if (family.endedCause !== undefined) return { action: 'refuse', reason: 'ended' }
  if (nowMs >= family.expiresAtMs) return { action: 'refuse', reason: 'expired' }
  const behind = family.counter - shownCounter
  if (behind < 0) return { action: 'refuse', reason: 'unknown' }
  if (behind === 0) return { action: 'rotate' }
  const replacedAtMs = family.rotatedAtMs.at(-behind)
  if (replacedAtMs === undefined) return { action: 'reuse' }
  return { action: nowMs - replacedAtMs <= reuseWindowMs ? 'repeat' : 'reuse' }
}

/** More rotations inside one window than any honest client makes. */
const maxRemembered = 16

/** The times to keep after a rotation now: those that may still excuse somebody. */
export function rotationTimes(
  family: RefreshFamily,
  nowMs: number,
  reuseWindowMs: number,
): readonly number[] {
  const times = family.rotatedAtMs
  const tooOld = times.findLastIndex((atMs) => nowMs - atMs > reuseWindowMs)
  return [...times.slice(tooOld + 1), nowMs].slice(-maxRemembered)
}
