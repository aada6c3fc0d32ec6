// A door with everything worked out that does not depend on the request: limits per plan, key functions, texts.

import type { Serves } from '../headers/header-policy.ts'
import { compileLimit, type Limit, type LimitKeyPart, type LimitRule } from '../limits/limit.ts'
import type { LimitCharge } from '../limits/limit-store.ts'
import type { RateLimitFields } from '../limits/rate-limit-fields.ts'
import type { DoorRule } from '../policy/policy.ts'
import type { Actor } from './identity.ts'

/** The limits charged together at one stage of one door. */
export interface DoorLimits {
  readonly limits: readonly Limit[]
  /** `RateLimit-Policy` of these limits. */
  readonly policyField: string
  charges(addressKey: string, actor: Actor | undefined): LimitCharge[]
}

/** A compiled door. */
export interface Door {
  readonly name: string
  readonly rule: DoorRule
  readonly serves: Serves
  readonly identifies: boolean
  readonly strangers: DoorLimits
  readonly actorsOn: (plan: string | undefined) => DoorLimits
}

type SubjectOf = (addressKey: string, actor: Actor | undefined) => string

/** Compiles one door of a checked policy. */
export function compileDoor(name: string, rule: DoorRule, fields: RateLimitFields): Door {
  const actors = rule.actors ?? []
  const plans = new Set(actors.flatMap((limit) => [...plansOf(limit.quota), ...plansOf(limit.burst ?? 1)]))
  const others = compileLimits(name, actors, undefined, fields)
  const byPlan = new Map([...plans].map((plan) => [plan, compileLimits(name, actors, plan, fields)]))
  return {
    name,
    rule,
    serves: rule.serves ?? 'api',
    identifies: rule.authentication !== 'none',
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
  }))
  const limits = compiled.map(({ limit }) => limit)
  return {
    limits,
    policyField: fields.policy(limits),
    charges(addressKey, actor) {
      const charges: LimitCharge[] = []
      for (const { limit, subjectOf } of compiled) {
        charges.push({ limit, subject: subjectOf(addressKey, actor) })
      }
      return charges
    },
  }
}

function plansOf(value: LimitRule['quota']): string[] {
  return typeof value === 'number' ? [] : Object.keys(value)
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
