// Switches that tell when they are turned down or up again, once per change.
import type { SecurityEvents } from '../events/event-pipeline.ts'
import { type Protection, type ProtectionMode, protections, type Switches } from '../switches/switches.ts'

/** Wraps switches; anything that is not enforced now is reported at once. */
export function watchSwitches(switches: Switches, events: Pick<SecurityEvents, 'emit'>): Switches {
  const last: Partial<Record<Protection, ProtectionMode>> = {}
  const mode = (protection: Protection): ProtectionMode => {
    const current = switches.mode(protection)
    if (current !== (last[protection] ?? 'enforce')) {
      last[protection] = current
      const event = current === 'enforce' ? 'protection.restored' : 'protection.lowered'
      events.emit({ event, details: { protection, mode: current } })
    }
    return current
  }
  for (const protection of protections) mode(protection)
  return { mode }
}

/** The mode of every protection right now. */
export function modesOf(switches: Switches): Record<Protection, ProtectionMode> {
  // One entry for each member of the list that the type is made of.
  return Object.fromEntries(protections.map((name) => [name, switches.mode(name)])) as Record<
    Protection,
    ProtectionMode
  >
}
