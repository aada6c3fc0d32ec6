// A door with everything worked out that does not depend on the request: limits per plan, key functions, texts.

import type { Serves } from '../headers/header-policy.ts'
import { compileLimit, type Limit, type LimitKeyPart, type LimitRule } from '../limits/limit.ts'
import type { LimitCharge } from '../limits/limit-store.ts'
import type { RateLimitFields } from '../limits/rate-limit-fields.ts'
import type { DoorAuthentication, DoorRule } from '../policy/policy.ts'
import { type Actor, acceptedCredentials, type CredentialKind } from './identity.ts'

/** The limits charged together at one stage of one door. */
export interface DoorLimits {
  readonly limits: readonly Limit[]
  /** `RateLimit-Policy` of these limits. */
  readonly policyField: string
  /** `cost` multiplies what the limits counted by address take. */
  charges(addressKey: string, actor: Actor | undefined, cost?: number): LimitCharge[]
}

/** A compiled door. */
export interface Door {
  readonly name: string
  readonly rule: DoorRule
  readonly serves: Serves
  readonly identifies: boolean
  /** Kinds of credentials that open it. */
  readonly accepts: readonly CredentialKind[]
  /** Whether an address in the penalty box is treated differently: not at doors for probes and files. */
  readonly penalises: boolean
  /** Whether unsafe requests must show where they came from. */
  readonly judgesOrigin: boolean
  /** Whether a cookie may open it. */
  readonly takesCookie: boolean
  /** Whether something in a header may open it, so that the origin may turn out not to matter. */
  readonly takesHeader: boolean
  readonly strangers: DoorLimits
  readonly actorsOn: (plan: string | undefined) => DoorLimits
}

/** What opens these doors is never sent by a browser on another site's behalf. */
const crossSiteByNature: ReadonlySet<DoorAuthentication> = new Set(['api-key', 'webhook'])

type SubjectOf = (addressKey: string, actor: Actor | undefined) => string

/** Compiles one door of a checked policy. */
export function compileDoor(name: string, rule: DoorRule, fields: RateLimitFields): Door {
  const actors = rule.actors ?? []
  const plans = new Set(actors.flatMap(plansOf))
  const others = compileLimits(name, actors, undefined, fields)
  const accepted: readonly CredentialKind[] = acceptedCredentials[rule.authentication]
  const takesCookie = accepted.includes('session')
  const byPlan = new Map([...plans].map((plan) => [plan, compileLimits(name, actors, plan, fields)]))
  return {
    name,
    rule,
    serves: rule.serves ?? 'api',
    identifies: accepted.length > 0,
    accepts: accepted,
    penalises: accepted.length > 0 || rule.strangers.length > 0,
    judgesOrigin: rule.crossSite !== 'accept' && !crossSiteByNature.has(rule.authentication),
    takesCookie,
    takesHeader: takesCookie || accepted.includes('key'),
    strangers: compileLimits(name, rule.strangers, undefined, fields),
    actorsOn: (plan) => (plan === undefined ? others : (byPlan.get(plan) ?? others)),
  }
}

/** Compiles rules that are charged together. */
export function compileLimits(
  door: string,
  rules: readonly LimitRule[],
  plan: string | undefined,
  fields: RateLimitFields,
): DoorLimits {
  const compiled = rules.map((rule) => ({
    limit: compileLimit(rule, plan),
    subjectOf: compileSubject(rule, door),
    dearer: [rule.by].flat().includes('address') ? dearerLimits(rule, plan) : undefined,
  }))
  const limits = compiled.map(({ limit }) => limit)
  return {
    limits,
    policyField: fields.policy(limits),
    charges(addressKey, actor, cost = 1) {
      const charges: LimitCharge[] = []
      for (const { limit, subjectOf, dearer } of compiled) {
        charges.push({
          limit: cost === 1 ? limit : (dearer?.(cost) ?? limit),
          subject: subjectOf(addressKey, actor),
        })
      }
      return charges
    },
  }
}

/**
 * The same limit at several times its cost, made when first needed. Never dearer than all the limit holds: that would
 * turn "slower" into "never".
 */
function dearerLimits(rule: LimitRule, plan: string | undefined): (cost: number) => Limit {
  const { cost: plain, quota, burst } = compileLimit(rule, plan)
  const made = new Map<number, Limit>()
  return (factor) => {
    const cost = Math.max(plain, Math.min(plain * factor, quota, burst))
    const known = made.get(cost)
    if (known !== undefined) return known
    const limit = compileLimit({ ...rule, cost }, plan)
    made.set(cost, limit)
    return limit
  }
}

/** The plans that a rule has numbers of their own for. */
export function plansOf({ quota, burst = 1 }: LimitRule): string[] {
  return [quota, burst].flatMap((value) => (typeof value === 'number' ? [] : Object.keys(value)))
}

/** One part needs no joining: on the hot path the address or the key id itself is the subject. */
function compileSubject(rule: LimitRule, door: string): SubjectOf {
  const parts = typeof rule.by === 'string' ? [rule.by] : rule.by
  const functions = parts.map((part) => subjectPart(part, door))
  const [first, second] = functions
  if (first === undefined) return () => ''
  if (second === undefined) return first
  if (functions.length === 2) return (address, actor) => `${first(address, actor)}|${second(address, actor)}`
  return (address, actor) => functions.map((part) => part(address, actor)).join('|')
}

function subjectPart(part: LimitKeyPart, door: string): SubjectOf {
  switch (part) {
    case 'address':
      return (address) => address
    case 'door':
      return () => door
    case 'global':
      return () => ''
    case 'actor':
      return (_, actor) => actor?.id ?? ''
    case 'account':
      return (_, actor) => actor?.accountId ?? actor?.id ?? ''
    case 'workspace':
      return (_, actor) => actor?.workspaceId ?? actor?.id ?? ''
    case 'session':
      return (_, actor) => actor?.sessionId ?? actor?.id ?? ''
    case 'credential':
      return (_, actor) => actor?.keyId ?? actor?.sessionId ?? actor?.id ?? ''
  }
}
