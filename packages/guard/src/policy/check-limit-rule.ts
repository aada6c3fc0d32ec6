// What makes one limit rule wrong. A limit that cannot work as written must stop the start, not weaken a door.
import { limitAlgorithms } from '../limits/algorithms.ts'
import type { ByPlan, LimitRule } from '../limits/limit.ts'
import type { PolicyProblem } from './policy.ts'

const keyParts: ReadonlySet<string> = new Set([
  'address',
  'account',
  'credential',
  'session',
  'workspace',
  'actor',
  'door',
  'global',
])
const strangerParts: ReadonlySet<string> = new Set(['address', 'door', 'global'])

/** Within these all times are whole microseconds that a double holds exactly. */
const longestWindowMs = 366 * 86_400_000
const longestFillMs = 10 * longestWindowMs

/** Problems of one rule; `stage` says whether an actor is known when it is charged. */
export function checkLimitRule(
  rule: LimitRule,
  path: string,
  stage: 'strangers' | 'actors',
): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const say = (code: string, at: string, fix: string) => problems.push({ code, path: `${path}.${at}`, fix })
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(rule.name))
    say('limit_name', 'name', 'Use lower-case letters, digits, dashes.')
  else if (rule.name.startsWith('penalty-')) say('limit_name', 'name', 'The penalty box has these names.')
  if (!Object.hasOwn(limitAlgorithms, rule.algorithm ?? 'token-bucket')) {
    say('limit_algorithm', 'algorithm', `Use one of: ${Object.keys(limitAlgorithms).join(', ')}.`)
  }
  const timed = rule.windowMs > 0 && rule.windowMs <= longestWindowMs
  if (!timed) {
    say('limit_window', 'windowMs', 'Use a positive number of milliseconds, at most 366 days.')
  }
  for (const value of numbersOf(rule.quota)) {
    if (!isCount(value)) say('limit_quota', 'quota', 'Use a positive whole number, for every plan.')
    else if (timed && (rule.windowMs * 1000) / value < 1)
      say('limit_rate', 'quota', 'At most 1,000 per millisecond.')
  }
  const cost = rule.cost ?? 1
  if (!isCount(cost)) say('limit_cost', 'cost', 'Use a positive whole number.')
  // Without a burst the quota is the burst; if that is wrong it has been said already.
  const bursts = rule.burst === undefined ? numbersOf(rule.quota).filter(isCount) : numbersOf(rule.burst)
  if (!bursts.every(isCount)) say('limit_burst', 'burst', 'Use a positive whole number, for every plan.')
  else if (bursts.some((burst) => burst < cost)) {
    say('limit_unreachable', 'cost', 'The cost is above the burst: nothing would ever pass.')
  } else if (timed && fillMs(rule.windowMs, numbersOf(rule.quota), bursts) > longestFillMs) {
    say('limit_burst', 'burst', 'After such a burst the next is ten years away: use a smaller one.')
  }
  if (rule.burst !== undefined && (rule.algorithm ?? 'token-bucket') !== 'token-bucket') {
    say('limit_burst_form', 'burst', 'Only a token bucket has a burst: leave it out.')
  }
  const parts: readonly string[] = typeof rule.by === 'string' ? [rule.by] : rule.by
  if (parts.length === 0 || parts.some((part) => !keyParts.has(part))) {
    say('limit_key', 'by', `Use some of: ${[...keyParts].join(', ')}.`)
  } else if (stage === 'strangers' && parts.some((part) => !strangerParts.has(part))) {
    say('limit_key_unknown_yet', 'by', 'Strangers can only be counted by address, door or global.')
  }
  return problems
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}

function numbersOf(value: ByPlan): readonly number[] {
  return typeof value === 'number' ? [value] : Object.values(value)
}

/** The longest time an empty bucket may take to fill. A wrong quota has been said already. */
function fillMs(windowMs: number, quotas: readonly number[], bursts: readonly number[]): number {
  return quotas.every(isCount) ? (windowMs / Math.min(...quotas)) * Math.max(...bursts) : 0
}
