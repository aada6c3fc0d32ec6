// The port behind lockouts, device bindings and sign-up counts: a small state per name, changed in one atomic step.
// What a step does is a pure function in this package, so that every store decides alike; a store only has to make
// it atomic.

/** What every kept state says about itself. */
export interface KeptState {
  /** Epoch milliseconds from which it means nothing any more and may be deleted. */
  readonly forgetAtMs: number
}

/**
 * Works out what becomes of some states. Pure, synchronous and quick. `undefined` is a name without a state, before
 * and after; the states come back in the order in which they were given; the same object means "unchanged".
 */
export type StateStep<S, T> = (
  states: readonly (S | undefined)[],
  nowMs: number,
) => { readonly states: readonly (S | undefined)[]; readonly result: T }

/** Keeps states under opaque names, which are keyed digests. {@link keyedStatesCases} says what a store must do. */
export interface KeyedStates<S extends KeptState> {
  /**
   * Reads the states of these (different) names, calls `step` once and writes what it returns, all in one atomic
   * step: no other change of any of these names, in whatever process, comes between. If it rejects, nothing changed.
   */
  change<T>(ids: readonly string[], step: StateStep<S, T>): Promise<T>
}
