// What makes one limit rule wrong. A limit that cannot work as written must stop the start, not weaken a door.
import { plansOf } from '../kernel/compile-door.ts'
import { limitAlgorithms } from '../limits/algorithms.ts'
import { type ByPlan, compileLimit, type LimitRule } from '../limits/limit.ts'
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

/** Within this all times are whole microseconds that a double holds exactly. */
const longestWindowMs = 366 * 86_400_000

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
  for (const [at, value] of numbersOf('quota', rule.quota)) {
    if (!isCount(value)) say('limit_quota', at, 'Use a positive whole number, for every plan.')
    else if (timed && (rule.windowMs * 1000) / value < 1)
      say('limit_rate', at, 'At most 1,000 per millisecond.')
  }
  const cost = rule.cost ?? 1
  if (!isCount(cost)) say('limit_cost', 'cost', 'Use a positive whole number.')
  // Without a burst the quota is the burst; if that is wrong it has been said already.
  const bursts =
    rule.burst === undefined
      ? numbersOf('quota', rule.quota).filter(([, value]) => isCount(value))
      : numbersOf('burst', rule.burst)
  const wrong = bursts.filter(([, burst]) => !isCount(burst))
  for (const [at] of wrong) say('limit_burst', at, 'Use a positive whole number, for every plan.')
  if (wrong.length === 0) {
    if (bursts.some(([, burst]) => burst < cost)) {
      say('limit_unreachable', 'cost', 'The cost is above the burst: nothing would ever pass.')
    }
    if (rule.burst !== undefined && ['default', ...plansOf(rule)].some((plan) => isAboveQuota(rule, plan))) {
      say('limit_burst', 'burst', 'More at once than the quota allows per window: use at most the quota.')
    }
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

/** Every number of a field with its place. */
function numbersOf(at: string, value: ByPlan): readonly (readonly [string, number])[] {
  return typeof value === 'number'
    ? [[at, value]]
    : Object.entries(value).map(([plan, number]) => [`${at}.${plan}`, number])
}

function isAboveQuota(rule: LimitRule, plan: string): boolean {
  const { quota, burst } = compileLimit(rule, plan)
  return burst > quota
}
