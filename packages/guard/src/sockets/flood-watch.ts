// How often one socket was refused lately: what is worth an event, and when it is enough.
import type { Clock } from '../clock.ts'
import type { SocketThrottle } from './socket-policy.ts'

/** What to do about one more refusal. */
export interface FloodFinding {
  /** The first of its kind in this window: worth one event, whatever follows. */
  readonly first: boolean
  /** More than the policy bears: the socket is to be cut. */
  readonly cut: boolean
  /** Refusals in this window. */
  readonly refusals: number
}

/** Counts the refusals of one socket. */
export interface FloodWatch {
  note(kind: string): FloodFinding
}

/** Counts in windows that begin with their first refusal. */
export function createFloodWatch(limit: SocketThrottle, clock: Clock): FloodWatch {
  let startedAt = Number.NEGATIVE_INFINITY
  let refusals = 0
  const kinds = new Set<string>()
  return {
    note(kind) {
      const now = clock.now()
      // A clock that was set back begins a window too.
      if (now - startedAt >= limit.windowMs || now < startedAt) {
        startedAt = now
        refusals = 0
        kinds.clear()
      }
      refusals++
      const first = !kinds.has(kind)
      kinds.add(kind)
      return { first, cut: refusals > limit.quota, refusals }
    },
  }
}
