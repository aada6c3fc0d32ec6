// Limits that can never refuse anything, because a stricter one always stands beside them and counts the same or more
// together. Whoever wrote them believes in a number that does not exist.

import { plansOf } from '../kernel/compile-door.ts'
import { compileLimit, type Limit, type LimitRule } from '../limits/limit.ts'
import type { Policy, PolicyProblem } from './policy.ts'

interface Occurrence {
  readonly path: string
  readonly rule: LimitRule
  readonly beside: readonly LimitRule[]
}

/** Problems of a policy whose limits are right one by one. */
export function checkShadowedLimits(doors: Policy['doors']): PolicyProblem[] {
  const byName = new Map<string, Occurrence[]>()
  for (const [name, door] of Object.entries(doors)) {
    for (const stage of ['strangers', 'actors'] as const) {
      const rules = door[stage] ?? []
      for (const [i, rule] of rules.entries()) {
        const beside = rules.filter((other) => other !== rule)
        const known = byName.get(rule.name) ?? []
        byName.set(rule.name, [...known, { path: `doors.${name}.${stage}[${i}]`, rule, beside }])
      }
    }
  }
  const problems: PolicyProblem[] = []
  for (const occurrences of byName.values()) {
    const [first] = occurrences
    if (first === undefined) continue
    // It counts for something wherever one of its doors lacks the stricter limit: they share their counts.
    const shadow = first.beside.find((other) =>
      occurrences.every(({ rule, beside }) =>
        beside.some((it) => it.name === other.name && shadows(it, rule)),
      ),
    )
    if (shadow === undefined) continue
    const fix = `It can never refuse anything: "${shadow.name}" is stricter wherever it stands. Remove it, or lower it.`
    problems.push({ code: 'limit_shadowed', path: first.path, fix })
  }
  return problems
}

/** Whether `strict` always refuses before `rule` would. */
function shadows(strict: LimitRule, rule: LimitRule): boolean {
  const parts = new Set([rule.by].flat())
  // Counting by fewer parts counts more together.
  if (![strict.by].flat().every((part) => part === 'global' || parts.has(part))) return false
  const plans = [undefined, ...plansOf(strict), ...plansOf(rule)]
  const pairs = plans.map((plan) => [compileLimit(strict, plan), compileLimit(rule, plan)] as const)
  // A policy that was scaled down ends at ones everywhere; there is nothing lower to write.
  if (pairs.every(([, { quota }]) => quota === 1)) return false
  // Equal numbers are left alone: plans that differ elsewhere, policies that were scaled down.
  return (
    pairs.every(([a, b]) => holdsLess(a, b)) &&
    (pairs.some(([a, b]) => !holdsLess(b, a)) || sameKey(strict, rule))
  )
}

function sameKey(a: LimitRule, b: LimitRule): boolean {
  return String([a.by].flat().toSorted()) === String([b.by].flat().toSorted())
}

/** Whether whatever passes `a` also passes `b`. Compared in requests, because costs may differ. */
function holdsLess(a: Limit, b: Limit): boolean {
  if (a.algorithm !== b.algorithm) return false
  switch (a.algorithm) {
    case 'token-bucket':
      return (
        a.burst / a.cost <= b.burst / b.cost && a.quota / a.cost / a.windowMs <= b.quota / b.cost / b.windowMs
      )
    case 'sliding-window':
      return a.quota / a.cost <= b.quota / b.cost && a.windowMs >= b.windowMs
    case 'fixed-window':
      // At the edge of two windows twice the quota passes, so only windows of one length can be compared.
      return a.quota / a.cost <= b.quota / b.cost && a.windowMs === b.windowMs
  }
}
