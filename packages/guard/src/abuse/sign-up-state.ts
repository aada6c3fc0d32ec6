// How many sign-ups one address, or one referral code in one network, has brought. Pure.
import type { KeptState } from '../lockout/keyed-states.ts'
import type { SignUpQuota } from './abuse-policy.ts'

/** One subject's sign-ups within its window. JSON throughout. */
export interface SignUpState extends KeptState {
  /** When one passed; at most as many as the quota. */
  readonly passed: readonly number[]
  /** When one was held. */
  readonly held: readonly number[]
}

/** What is left of a state now. */
export function renewSignUps(
  state: SignUpState | undefined,
  { windowMs }: SignUpQuota,
  now: number,
): SignUpState {
  const within = (at: number) => at + windowMs > now
  return {
    passed: state?.passed.filter(within) ?? [],
    held: state?.held.filter(within) ?? [],
    forgetAtMs: state?.forgetAtMs ?? 0,
  }
}

/** Counts one more, as passed or as held. */
export function countSignUp(
  state: SignUpState,
  as: 'passed' | 'held',
  { windowMs }: SignUpQuota,
  now: number,
): SignUpState {
  return { ...state, [as]: [...state[as], now], forgetAtMs: now + windowMs }
}
