// How many wrong secrets lock what, and for how long. Data, checked as a whole before anything is counted.
import type { PolicyProblem } from '../policy/policy.ts'

/** When one counter locks. */
export interface LockoutRule {
  /** So many failures within the window lock. Also the N of "at most N checks at once". At most 10,000. */
  readonly failures: number
  readonly windowMs: number
  /** The first lock; each further one doubles. */
  readonly lockMs: number
  /** No lock is longer. Equal to `lockMs`: no doubling. */
  readonly maxLockMs: number
}

/** When guessing is suspected that spreads over accounts and addresses, and what it changes. */
export interface SprayRule extends LockoutRule {
  /**
   * While suspected, an address and an account × address lock after so many failures. Nobody is locked out for what
   * others do: a lock for everybody would be a weapon for whoever sends wrong secrets.
   */
  readonly strangerFailures: number
}

/** The part of the policy that lockout reads. */
export interface LockoutPolicy {
  /** One account, whoever tries, unless from a known device. */
  readonly account: LockoutRule
  /** One account from one address: stays locked when the owner unlocks the account by mail. */
  readonly accountAddress: LockoutRule
  /** One account from a device it has signed in from: an allowance of its own, which strangers cannot use up. */
  readonly device: LockoutRule
  /** One address, whatever accounts it tries. A success does not reset it: a guesser may own an account too. */
  readonly address: LockoutRule
  /** All failures together. */
  readonly global: SprayRule
  /** How long an attempt waits for another to settle before it is refused (default 2 s). */
  readonly waitMs?: number
  /** How long a check may take before its place is given away (default 10 s). */
  readonly reservationMs?: number
}

/** Default of {@link LockoutPolicy.waitMs}. */
export const defaultWaitMs = 2_000

/** Default of {@link LockoutPolicy.reservationMs}. */
export const defaultReservationMs = 10_000

const longestMs = 31 * 86_400_000
const mostFailures = 10_000
const counters = ['account', 'accountAddress', 'device', 'address', 'global'] as const

/** Problems of this part of a policy, each with its place and its fix. */
export function checkLockoutPolicy(policy: LockoutPolicy, path: string): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const say = (code: string, at: string, fix: string) => problems.push({ code, path: `${path}.${at}`, fix })
  for (const counter of counters) problems.push(...checkRule(policy[counter], `${path}.${counter}`))
  const { account, accountAddress, address, global } = policy
  if (accountAddress.failures > account.failures) {
    const fix = 'The account would always lock first: use at most as many failures as for the account.'
    say('lockout_unreachable', 'accountAddress.failures', fix)
  }
  if (address.failures < accountAddress.failures) {
    const fix =
      'The address would always lock first: use at least as many failures as for account and address.'
    say('lockout_unreachable', 'address.failures', fix)
  }
  if (global.failures <= address.failures) {
    const fix = 'One address alone would look like a spray: use more failures than for an address.'
    say('lockout_unreachable', 'global.failures', fix)
  }
  if (!isCount(global.strangerFailures) || global.strangerFailures > accountAddress.failures) {
    const fix =
      'Use a positive whole number, at most the failures of accountAddress: a spray must not loosen.'
    say('lockout_spray', 'global.strangerFailures', fix)
  }
  const reservationMs = policy.reservationMs ?? defaultReservationMs
  if (!(Number.isInteger(reservationMs) && reservationMs > 0 && reservationMs <= 60_000)) {
    say(
      'lockout_reservation',
      'reservationMs',
      'Use 1 to 60,000 milliseconds, longer than the slowest check.',
    )
  }
  const waitMs = policy.waitMs ?? defaultWaitMs
  if (!(Number.isInteger(waitMs) && waitMs > 0 && waitMs <= reservationMs)) {
    say('lockout_wait', 'waitMs', 'Use a positive number of milliseconds, at most reservationMs.')
  }
  return problems
}

function checkRule(rule: LockoutRule, path: string): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const say = (code: string, at: string, fix: string) => problems.push({ code, path: `${path}.${at}`, fix })
  if (!isCount(rule.failures) || rule.failures > mostFailures) {
    say('lockout_failures', 'failures', 'Use a whole number from 1 to 10,000.')
  }
  for (const duration of ['windowMs', 'lockMs', 'maxLockMs'] as const) {
    if (!isCount(rule[duration]) || rule[duration] > longestMs) {
      say('lockout_duration', duration, 'Use a positive whole number of milliseconds, at most 31 days.')
    }
  }
  if (rule.maxLockMs < rule.lockMs) {
    say('lockout_contradiction', 'maxLockMs', 'The longest lock is shorter than the first: raise it.')
  }
  return problems
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}
