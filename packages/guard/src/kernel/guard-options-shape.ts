// What createGuard takes: a misspelled part would be missing without anybody noticing.
import type { Challenge } from '../challenge/challenge.ts'
import type { Clock } from '../clock.ts'
import { guardError } from '../errors.ts'
import type { SecurityEvents } from '../events/event-pipeline.ts'
import type { LimitStore } from '../limits/limit-store.ts'
import type { RateLimitFields } from '../limits/rate-limit-fields.ts'
import type { Lockout } from '../lockout/attempt.ts'
import { checkShaped, formatProblems } from '../policy/check-shaped.ts'
import { checkPolicy } from '../policy/define-policy.ts'
import type { PolicyProblem } from '../policy/policy.ts'
import { anything, number, object, optional, part } from '../policy/shape.ts'
import type { Switches } from '../switches/switches.ts'
import type { GuardOptions } from './create-guard.ts'

const guardOptionsShape = object<GuardOptions>({
  // definePolicy says what it must be.
  policy: anything('what definePolicy returns'),
  store: part<LimitStore>('a limit store, such as createMemoryLimitStore()', 'take', 'peek'),
  events: optional(part<SecurityEvents>('what createSecurityEvents returns', 'emit')),
  clock: optional(part<Clock>('a clock with now()', 'now')),
  switches: optional(part<Switches>('switches with mode()', 'mode')),
  rateLimitFields: optional(part<RateLimitFields>('fields with policy() and state()', 'policy', 'state')),
  lockout: optional(part<Lockout>('what createLockout returns', 'attempt')),
  challenge: optional(part<Challenge>('what createChallenge returns', 'verify')),
  storePatienceMs: optional(number),
})

/**
 * Refuses options that are misspelled, missing or of the wrong kind; the problems of the policy are told with them.
 * @throws GuardError `bad_options`
 */
export function requireGuardOptions(options: GuardOptions): void {
  if (shapeProblems(options).length === 0) return
  const all = guardOptionProblems(options)
  throw guardError('bad_options', `createGuard cannot use these options:\n${formatProblems(all)}`, all)
}

/** Every problem of the options and of the policy among them. */
export function guardOptionProblems(options: GuardOptions): PolicyProblem[] {
  const policy = policyOf(options)
  return [...shapeProblems(options), ...(policy === undefined ? [] : checkPolicy(policy))]
}

function shapeProblems(options: GuardOptions): PolicyProblem[] {
  return checkShaped(guardOptionsShape, options, '', () => [], 'options')
}

function policyOf(options: GuardOptions): GuardOptions['policy'] | undefined {
  try {
    return options?.policy
  } catch {
    return undefined
  }
}
