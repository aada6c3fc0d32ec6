// Abuse: accounts that are shared or farmed, and patterns that somebody should see.
import { withPenaltyDefaults } from '../../penalty/penalty-policy.ts'
import { type ConfigurationChecks, ifPresent, signIf } from '../check.ts'

export const abuseChecks: ConfigurationChecks = {
  'GUARD-085': {
    title: 'Any number of devices may use one account',
    severity: 'notice',
    explanation: 'A stolen or shared password is used from many places, and nothing asks who it is.',
    fix: 'Give abuse.devices.plans.default a number of changes; keep unlimited for plans that pay for it.',
    run: ({ policy }) =>
      ifPresent('abuse', policy.abuse, ({ devices }) =>
        signIf(devices?.plans.default === 'unlimited', 'abuse.devices.plans.default', 'It is unlimited.'),
      ),
  },
  'GUARD-086': {
    title: 'Throw-away mail addresses may sign up',
    severity: 'notice',
    explanation: 'Whoever wants a hundred free accounts needs a hundred addresses, and these cost nothing.',
    fix: "Set abuse.signUps.disposableMail to 'hold': somebody looks, nobody is dropped.",
    run: ({ policy }) =>
      ifPresent('abuse', policy.abuse, ({ signUps }) =>
        signIf(signUps?.disposableMail === 'accept', 'abuse.signUps.disposableMail', 'It is accept.'),
      ),
  },
  'GUARD-087': {
    title: 'Nobody is told of patterns in the events',
    severity: 'notice',
    explanation:
      'Single failures say little; a run of them from one address, or one address against many accounts, is an attack.',
    fix: 'List abuse.anomalies (levqorAnomalies of the presets) and put createAnomalyWatch into the event stream.',
    run: ({ policy }) =>
      ifPresent('abuse', policy.abuse, ({ anomalies = [] }) =>
        signIf(anomalies.length === 0, 'abuse.anomalies', 'There are none.'),
      ),
  },
  'GUARD-088': {
    title: 'Whoever breaks the human check passes',
    severity: 'warning',
    explanation:
      'While its service cannot be reached everybody counts as a person: an outage is an invitation.',
    fix: "Leave penalties.onChallengeUnavailable at 'deny'.",
    run: ({ policy }) =>
      ifPresent('penalties', policy.penalties, (penalties) => {
        const { levels, onChallengeUnavailable } = withPenaltyDefaults(penalties)
        const asks = levels.some(({ demand }: { demand?: string }) => demand === 'challenge')
        const open = asks && onChallengeUnavailable === 'allow'
        return signIf(open, 'penalties.onChallengeUnavailable', 'It is allow.')
      }),
  },
}
