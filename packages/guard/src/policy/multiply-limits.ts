// Other numbers, same policy: for benchmarks, load tests and installations that are larger or smaller than usual.
import type { ByPlan, LimitRule } from '../limits/limit.ts'
import { mostStrikes, type PenaltyPolicy, penaltyDefaults } from '../penalty/penalty-policy.ts'
import type { SocketEventRule, SocketPolicy, SocketThrottle } from '../sockets/socket-policy.ts'
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
    ...(policy.penalties === undefined ? {} : { penalties: patient(policy.penalties, factor) }),
    ...(policy.sockets === undefined ? {} : { sockets: talkative(policy.sockets, factor) }),
  }
}

function times(value: ByPlan, factor: number, least: number): ByPlan {
  const one = (n: number) => Math.max(least, Math.round(n * factor))
  if (typeof value === 'number') return one(value)
  const plans = Object.fromEntries(Object.entries(value).map(([plan, n]) => [plan, one(n)]))
  return { ...plans, default: one(value.default) }
}

/** Throttles of socket events and of new connections; bounds of memory stay as they are. */
function talkative(sockets: SocketPolicy, factor: number): SocketPolicy {
  const more = (throttle: SocketThrottle): SocketThrottle => ({
    ...throttle,
    quota: Math.max(1, Math.round(throttle.quota * factor)),
  })
  const events = Object.entries(sockets.events).map(([name, rule]): [string, SocketEventRule] => [
    name,
    {
      ...rule,
      ...(rule.perUser === undefined ? {} : { perUser: more(rule.perUser) }),
      ...(rule.perSocket === undefined ? {} : { perSocket: more(rule.perSocket) }),
    },
  ])
  return {
    ...sockets,
    events: Object.fromEntries(events),
    ...(sockets.connections === undefined ? {} : { connections: more(sockets.connections) }),
  }
}

/** Whoever may ask more often is also refused more often before it means anything. */
function patient(penalties: PenaltyPolicy, factor: number): PenaltyPolicy {
  const levels = (penalties.levels ?? penaltyDefaults.levels).map((level) => ({
    ...level,
    strikes: Math.min(mostStrikes, Math.max(1, Math.round(level.strikes * factor))),
  }))
  return { ...penalties, levels }
}
