// Other numbers, same policy: for benchmarks, load tests and installations that are larger or smaller than usual.
import type { ByPlan, LimitRule } from '../limits/limit.ts'
import type { DoorRule, Policy } from './policy.ts'

/** The policy with every quota and burst multiplied, rounded, at least 1 (or the limit's own cost). */
export function multiplyLimits<const P extends Policy>(policy: P, factor: number): P {
  const rule = (limit: LimitRule): LimitRule => ({
    ...limit,
    quota: times(limit.quota, factor, limit.cost ?? 1),
    ...(limit.burst === undefined ? {} : { burst: times(limit.burst, factor, limit.cost ?? 1) }),
  })
  const door = (it: DoorRule): DoorRule => ({
    ...it,
    strangers: it.strangers.map(rule),
    ...(it.actors === undefined ? {} : { actors: it.actors.map(rule) }),
  })
  return {
    ...policy,
    doors: Object.fromEntries(Object.entries(policy.doors).map(([name, it]) => [name, door(it)])),
    credentialGuesses: rule(policy.credentialGuesses),
  }
}

function times(value: ByPlan, factor: number, least: number): ByPlan {
  const one = (n: number) => Math.max(least, Math.round(n * factor))
  if (typeof value === 'number') return one(value)
  const plans = Object.fromEntries(Object.entries(value).map(([plan, n]) => [plan, one(n)]))
  return { ...plans, default: one(value.default) }
}
