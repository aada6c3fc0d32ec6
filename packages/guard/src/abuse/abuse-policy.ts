// Abuse rules as data: device changes, sign-ups, anomaly hints.
import { type SecurityEventName, securityEvents } from '../events/catalogue.ts'
import type { PolicyProblem } from '../policy/policy.ts'

/** What an account on one plan may do with devices and networks. */
export type DeviceAllowance =
  | 'unlimited'
  | {
      /** So many devices or networks that were not seen before within the window. */
      readonly changes: number
      /** The next one: confirms who it is, or waits for an operator. */
      readonly atLimit: 'step-up' | 'hold'
    }

/** Rules on devices and networks of one account. */
export interface DevicePolicy {
  /** By plan, with a `default` for plans not named. */
  readonly plans: Readonly<Record<string, DeviceAllowance>> & { readonly default: DeviceAllowance }
  readonly windowMs: number
  /** A device or network that was not seen for so long is new again. */
  readonly rememberMs: number
}

/** So many within a window. */
export interface SignUpQuota {
  readonly quota: number
  readonly windowMs: number
}

/** Rules on sign-ups. What they catch is held for review; nothing is dropped. */
export interface SignUpPolicy {
  /** Per referral code and network. */
  readonly perReferralAndNetwork: SignUpQuota
  /** Per address. */
  readonly perAddress: SignUpQuota
  readonly disposableMail: 'hold' | 'accept'
  /**
   * Held sign-ups of one address within its window; above it the next is told to come back later, so that nobody can
   * bury the reviewers.
   */
  readonly heldPerAddress: number
}

/** A pattern in the event stream that somebody should look at. */
export interface AnomalyRule {
  /** Appears in the event: lower-case letters, digits and dashes. */
  readonly name: string
  readonly events: readonly SecurityEventName[]
  /** Whose events are counted together. Events that do not say are not counted. */
  readonly by: 'address' | 'account' | 'actor'
  /** Counts different values of this instead of events. A missing network falls back to the address. */
  readonly distinct?: 'address' | 'account' | 'network'
  readonly threshold: number
  readonly windowMs: number
}

/** The part of the policy that abuse rules read. */
export interface AbusePolicy {
  readonly devices?: DevicePolicy
  readonly signUps?: SignUpPolicy
  readonly anomalies?: readonly AnomalyRule[]
}

const subjects = ['address', 'account', 'actor'] as const satisfies readonly AnomalyRule['by'][]
const distincts = ['address', 'account', 'network'] as const satisfies readonly AnomalyRule['distinct'][]

type Say = (code: string, at: string, fix: string) => void

const longestMs = 366 * 86_400_000
const largestCount = 10_000

/** Problems of this part of a policy, each with its place and its fix. */
export function checkAbusePolicy(policy: AbusePolicy, path: string): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const say: Say = (code, at, fix) => problems.push({ code, path: `${path}.${at}`, fix })
  if (policy.devices !== undefined) checkDevices(policy.devices, say)
  if (policy.signUps !== undefined) checkSignUps(policy.signUps, say)
  const names = new Set<string>()
  for (const [i, rule] of (policy.anomalies ?? []).entries()) {
    checkAnomaly(rule, (code, at, fix) => say(code, `anomalies[${i}].${at}`, fix))
    if (names.has(rule.name))
      say('anomaly_twice', `anomalies[${i}].name`, 'Give each rule a name of its own.')
    names.add(rule.name)
  }
  return problems
}

function checkDevices({ plans, windowMs, rememberMs }: DevicePolicy, say: Say): void {
  for (const [plan, allowance] of Object.entries(plans)) {
    if (allowance === 'unlimited') continue
    if (typeof allowance === 'string') {
      say(
        'device_allowance',
        `devices.plans.${plan}`,
        'Use "unlimited" or an object with changes and atLimit.',
      )
      continue
    }
    if (allowance.atLimit !== 'step-up' && allowance.atLimit !== 'hold') {
      say('device_at_limit', `devices.plans.${plan}.atLimit`, 'Use step-up or hold.')
    }
    if (!isCount(allowance.changes)) {
      say(
        'device_changes',
        `devices.plans.${plan}.changes`,
        'Use a whole number from 1 to 10,000, or "unlimited".',
      )
    }
  }
  checkDuration(windowMs, 'devices.windowMs', say)
  checkDuration(rememberMs, 'devices.rememberMs', say)
  if (rememberMs < windowMs) {
    const fix = 'A device would be new again within one window: remember it at least as long.'
    say('device_contradiction', 'devices.rememberMs', fix)
  }
}

function checkSignUps(policy: SignUpPolicy, say: Say): void {
  for (const name of ['perReferralAndNetwork', 'perAddress'] as const) {
    const { quota, windowMs } = policy[name]
    if (!isCount(quota)) say('sign_up_quota', `signUps.${name}.quota`, 'Use a whole number from 1 to 10,000.')
    checkDuration(windowMs, `signUps.${name}.windowMs`, say)
  }
  if (policy.disposableMail !== 'hold' && policy.disposableMail !== 'accept') {
    say('sign_up_disposable', 'signUps.disposableMail', 'Use hold or accept.')
  }
  if (!isCount(policy.heldPerAddress)) {
    say('sign_up_held', 'signUps.heldPerAddress', 'Use a whole number from 1 to 10,000.')
  }
}

function checkAnomaly({ name, events, by, distinct, threshold, windowMs }: AnomalyRule, say: Say): void {
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name))
    say('anomaly_name', 'name', 'Use lower-case letters, digits, dashes.')
  if (events.length === 0 || events.some((event) => !Object.hasOwn(securityEvents, event))) {
    say('anomaly_events', 'events', 'Name at least one event, all of them from the catalogue.')
  }
  if (events.includes('anomaly.suspected')) {
    say('anomaly_loop', 'events', 'A hint must not lead to hints: leave out anomaly.suspected.')
  }
  if (!subjects.some((known) => known === by)) {
    say('anomaly_by', 'by', `Use one of: ${subjects.join(', ')}.`)
  }
  if (distinct !== undefined && !distincts.some((known) => known === distinct)) {
    say('anomaly_distinct', 'distinct', `Use one of: ${distincts.join(', ')}.`)
  }
  if (distinct === by) {
    say('anomaly_contradiction', 'distinct', `One ${by} has only one ${distinct}: count something else.`)
  }
  if (!isCount(threshold) || (distinct !== undefined && threshold < 2)) {
    say('anomaly_threshold', 'threshold', 'Use a whole number up to 10,000, from 2 for different values.')
  }
  checkDuration(windowMs, 'windowMs', say)
}

function checkDuration(value: number, at: string, say: Say): void {
  if (!(Number.isSafeInteger(value) && value > 0 && value <= longestMs)) {
    say('abuse_duration', at, 'Use a positive whole number of milliseconds, at most 366 days.')
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0 && value <= largestCount
}
