// Security events: every sink gets them all, none slows a request. This one sees patterns in them.
import {
  systemClock as clock,
  createPseudonyms,
  createSecret,
  createSecurityEvents,
  type SecurityEventSink,
  type SecurityEvents,
  stdoutSink,
} from '@levqor/guard'
import { createAnomalyWatch } from '@levqor/guard/abuse'
import { levqorAnomalies } from '@levqor/guard/presets'

export function createEvents(secretText: string, page: (pattern: string) => void): SecurityEvents {
  const secret = createSecret(secretText, { name: 'GUARD_SECRET' })
  // 30 refused credentials of one address in 5 minutes, one address against many accounts, and three more.
  const anomalies = createAnomalyWatch({ rules: levqorAnomalies, emit: (event) => events.emit(event) })
  const pager: SecurityEventSink = {
    name: 'pager',
    write(batch) {
      for (const { event, details } of batch) if (event === 'anomaly.suspected') page(String(details?.rule))
    },
  }
  const events: SecurityEvents = createSecurityEvents({
    sinks: [stdoutSink(), anomalies, pager],
    clock,
    pseudonyms: createPseudonyms({ secret, clock }),
  })
  return events
}
