// Security events: an attack that nobody hears of goes on.
import { type ConfigurationChecks, sign, signIf } from '../check.ts'

const noGuard = 'events belong to a guard, and only a policy was given'

export const eventChecks: ConfigurationChecks = {
  'GUARD-090': {
    title: 'Security events go nowhere',
    severity: 'warning',
    explanation: 'Refusals, lockouts and turned-down protections leave no trace, and nobody can be alarmed.',
    fix: 'Give createGuard events with at least one sink: createSecurityEvents({ sinks: [stdoutSink()], … }).',
    run: ({ guard }) =>
      guard === undefined
        ? noGuard
        : signIf(Object.keys(guard.events.state()).length === 0, 'events', 'There is no sink.'),
  },
  'GUARD-091': {
    title: 'Security events were lost',
    severity: 'critical',
    explanation: 'A sink fails or is too slow: an attacker who makes much noise hides the event that counts.',
    fix: 'Mend or speed up the sink; the number is in events.dropped and in guard.events.state().',
    run: ({ guard }) =>
      guard === undefined
        ? noGuard
        : Object.entries(guard.events.state())
            .filter(([, { dropped }]) => dropped > 0)
            .map(([name, { dropped }]) => sign(`events.${name}`, `${dropped} were dropped.`)),
  },
}
