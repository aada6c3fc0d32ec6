// The penalty box as data: how many refusals make an address slower, and for how long.
import type { PolicyProblem } from '../policy/policy.ts'

/** One step up for an address that goes on being refused. */
export interface PenaltyLevel {
  /**
   * Strikes per `windowMs` that the level before lets pass; one more begins this level. Strikes are refusals that a
   * browser could not be made to collect by another site: limits, wrong credentials, failed sign-ins and checks.
   */
  readonly strikes: number
  readonly windowMs: number
  /** How long it lasts after the strike that began it, unless another one begins it anew. */
  readonly lastsMs: number
  /**
   * How much a request takes from the limits counted by address (default 1): with 4 they hold a quarter and refill at
   * a quarter of their speed. Never more than a limit holds.
   */
  readonly cost?: number
  /** What else: a human check (when the guard has a challenge), or nothing passes at all. */
  readonly demand?: 'challenge' | 'block'
}

/** The part of the policy that the penalty box reads. */
export interface PenaltyPolicy {
  /** From mild to hard; default {@link penaltyDefaults}. */
  readonly levels?: readonly PenaltyLevel[]
  /** For how long a passed human check holds (default 30 minutes). */
  readonly humanMs?: number
  /** For how long an operator's pardon holds (default 1 hour). */
  readonly pardonMs?: number
  /** What happens while the challenge's service cannot be reached (default `deny`). */
  readonly onChallengeUnavailable?: 'deny' | 'allow'
  /** Addresses in the box of one process (default 10,000); above it the oldest leaves. */
  readonly maxAddresses?: number
}

const minute = 60_000

/** Per level: more would never be reached by one address. */
export const mostStrikes = 100_000

/**
 * What applies when a policy says `penalties: {}`. An office with one outdated key stays below the first level; a
 * guesser at full speed is blocked after some 90 refusals.
 */
export const penaltyDefaults: Required<PenaltyPolicy> = {
  levels: [
    { strikes: 20, windowMs: minute, lastsMs: 5 * minute, cost: 2 },
    { strikes: 20, windowMs: 5 * minute, lastsMs: 15 * minute, cost: 4 },
    { strikes: 20, windowMs: 15 * minute, lastsMs: 15 * minute, cost: 8, demand: 'challenge' },
    { strikes: 30, windowMs: 30 * minute, lastsMs: 30 * minute, demand: 'block' },
  ],
  humanMs: 30 * minute,
  pardonMs: 60 * minute,
  onChallengeUnavailable: 'deny',
  maxAddresses: 10_000,
}

/** The defaults filled in; an explicit `undefined` is the same as leaving a field out. */
export function withPenaltyDefaults(policy: PenaltyPolicy): Required<PenaltyPolicy> {
  return {
    levels: policy.levels ?? penaltyDefaults.levels,
    humanMs: policy.humanMs ?? penaltyDefaults.humanMs,
    pardonMs: policy.pardonMs ?? penaltyDefaults.pardonMs,
    onChallengeUnavailable: policy.onChallengeUnavailable ?? penaltyDefaults.onChallengeUnavailable,
    maxAddresses: policy.maxAddresses ?? penaltyDefaults.maxAddresses,
  }
}

/** Problems of this part of a policy, each with its place and its fix. */
export function checkPenaltyPolicy(policy: PenaltyPolicy, path: string): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const say = (code: string, at: string, fix: string) => problems.push({ code, path: `${path}.${at}`, fix })
  const { levels, humanMs, pardonMs, maxAddresses, onChallengeUnavailable } = withPenaltyDefaults(policy)
  if (levels.length === 0 || levels.length > 8) say('penalty_levels', 'levels', 'Use one to eight levels.')
  let before: Pick<PenaltyLevel, 'cost' | 'demand'> = {}
  for (const [i, level] of levels.entries()) {
    const at = `levels[${i}]`
    const { strikes, windowMs, lastsMs, cost = 1, demand } = level
    if (!(isCount(strikes) && strikes <= mostStrikes))
      say('penalty_strikes', `${at}.strikes`, 'Use 1 to 100,000 strikes.')
    if (!isCount(windowMs)) say('penalty_window', `${at}.windowMs`, 'Use whole milliseconds above 0.')
    if (!(isCount(lastsMs) && lastsMs <= 24 * 60 * minute)) {
      say(
        'penalty_duration',
        `${at}.lastsMs`,
        'Use whole milliseconds, at most a day: addresses change hands.',
      )
    }
    if (!(isCount(cost) && cost <= 100))
      say('penalty_cost', `${at}.cost`, 'Use a whole number from 1 to 100.')
    if (demand !== undefined && demand !== 'challenge' && demand !== 'block') {
      say('penalty_demand', `${at}.demand`, 'Use challenge or block, or leave it out.')
    }
    if (hardness(level) < hardness(before)) {
      say('penalty_order', at, 'A level must not be milder than the one before it.')
    }
    if (cost === 1 && demand === undefined) say('penalty_nothing', at, 'Give it a cost above 1 or a demand.')
    before = level
  }
  if (onChallengeUnavailable !== 'deny' && onChallengeUnavailable !== 'allow') {
    say('penalty_challenge', 'onChallengeUnavailable', 'Use deny or allow.')
  }
  if (!isCount(humanMs)) say('penalty_window', 'humanMs', 'Use whole milliseconds above 0.')
  if (!isCount(pardonMs)) say('penalty_window', 'pardonMs', 'Use whole milliseconds above 0.')
  if (!isCount(maxAddresses)) say('penalty_size', 'maxAddresses', 'Use a whole number above 0.')
  return problems
}

/** A block is harder than a challenge, whatever it costs; a challenge harder than any cost. */
function hardness({ cost = 1, demand }: Pick<PenaltyLevel, 'cost' | 'demand'>): number {
  return demand === 'block' ? 1000 : demand === 'challenge' ? 500 + cost : cost
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}
