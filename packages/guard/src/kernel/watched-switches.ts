// Switches that tell when they are turned down or up again, once per change.
import type { SecurityEvents } from '../events/event-pipeline.ts'
import type { Protection, ProtectionMode, Switches } from '../switches/switches.ts'

const all: readonly Protection[] = ['limits', 'headers', 'origin', 'transport', 'webhooks', 'abuse']

/** Wraps switches; anything that is not enforced now is reported at once. */
export function watchSwitches(switches: Switches, events: SecurityEvents): Switches {
  const last: Record<Protection, ProtectionMode> = {
    limits: 'enforce',
    headers: 'enforce',
    origin: 'enforce',
    transport: 'enforce',
    webhooks: 'enforce',
    abuse: 'enforce',
  }
  const mode = (protection: Protection): ProtectionMode => {
    const current = switches.mode(protection)
    if (current !== last[protection]) {
      last[protection] = current
      const event = current === 'enforce' ? 'protection.restored' : 'protection.lowered'
      events.emit({ event, details: { protection, mode: current } })
    }
    return current
  }
  for (const protection of all) mode(protection)
  return { mode }
}
