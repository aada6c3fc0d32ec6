// Time for tests: one clock that only moves when told, and the real one.

/** Milliseconds since the epoch. Structural: every package declares the same shape for itself. */
export interface Clock {
  now(): number
}

export interface ManualClock extends Clock {
  /** Moves time forward. @throws Error on a negative step: time never runs backwards by accident. */
  advance(ms: number): void
  /** Sets an absolute time, backwards too (to play a clock that was corrected). */
  set(epochMs: number): void
}

/**
 * A clock that stands still until it is moved.
 *
 * @param start epoch milliseconds; a fixed moment by default so that rendered dates are reproducible
 * @example const clock = manualClock(); clock.advance(60_000)
 */
export function manualClock(start = Date.UTC(2026, 0, 5, 12, 0, 0)): ManualClock {
  let now = start
  return {
    now: () => now,
    advance(ms) {
      if (!(ms >= 0)) throw new Error(`A clock advances by zero or more milliseconds, not by ${ms}.`)
      now += ms
    },
    set(epochMs) {
      now = epochMs
    },
  }
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() }
