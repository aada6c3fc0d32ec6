// Time enters the kernel through this port only, so that every rule can be tested at its edge.

/** A source of time in epoch milliseconds. */
export interface Clock {
  now(): number
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() }
