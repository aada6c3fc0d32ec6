// How the protections of this process stand, for operators.
import { type Guard, type Protection, type Pseudonyms, protections, type SecurityEvents } from '@levqor/guard'
import type { Config } from '@levqor/server'
import type { SecurityState } from '../services.ts'

export function securityState(parts: {
  readonly config: Config
  readonly events: SecurityEvents
  readonly guard: Guard
  readonly pseudonyms: Pseudonyms
}): SecurityState {
  const { config, events, guard, pseudonyms } = parts
  return {
    protections: protections.map((name) => ({ name, mode: modeOf(config, name) })),
    limits: config.redisUrl === undefined ? 'memory' : 'redis',
    eventsDropped: Object.values(events.state()).reduce((sum, { dropped }) => sum + dropped, 0),
    penalties: guard.penalties.list().map(({ address, level, demand, untilMs }) => ({
      address: pseudonyms('address', address),
      level,
      blocked: demand === 'block',
      until: untilMs,
    })),
  }
}

/** The switch of a protection; those without one are always enforced. */
export function modeOf({ switches }: Config, protection: Protection) {
  return Object.hasOwn(switches, protection)
    ? switches[protection as keyof typeof switches]
    : ('enforce' as const)
}
