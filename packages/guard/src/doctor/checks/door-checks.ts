// Doors: limits, guessing, and what happens when the store that counts is gone.
import { isUnsafeMethod } from '../../browser/check-origin.ts'
import { checkPolicy } from '../../policy/define-policy.ts'
import type { Policy } from '../../policy/policy.ts'
import {
  type ConfigurationChecks,
  ifPresent,
  ifTold,
  onlyInProduction,
  type Patient,
  type Sign,
  sign,
  signIf,
} from '../check.ts'
import { changesSomething, routesOf } from '../doors-in-use.ts'

/** Names that people give to doors where secrets are typed. */
const signInName = /(^|[._-])(sign-?in|log-?in|password|passcode|otp|mfa|two-factor|token|recover|reset)/i
/** NIST SP 800-63B section 3.2.2: at most 100 consecutive failures of one account. */
const mostFailures = 100
const storePatienceMs = 2_000

export const doorChecks: ConfigurationChecks = {
  'GUARD-009': {
    title: 'The policy cannot be used',
    severity: 'critical',
    explanation:
      'A rule that cannot work as it is written protects nothing; createGuard refuses such a policy.',
    fix: 'Mend each place as it says.',
    run: ({ policy }) => problemsOf(policy),
  },
  'GUARD-030': {
    title: 'A protection is turned down',
    severity: 'critical',
    explanation:
      'In mode observe or off it lets everything pass: a switch for an emergency or a roll-out that has not been turned back.',
    fix: 'Turn it back to enforce as soon as the reason is gone.',
    run: ({ guard }) =>
      guard === undefined
        ? 'switches belong to a guard, and only a policy was given'
        : Object.entries(guard.protections())
            .filter(([, mode]) => mode !== 'enforce')
            .map(([protection, mode]) => sign(`switches.${protection}`, `It is on ${mode}.`)),
  },
  'GUARD-034': {
    title: 'A door that knows its callers or changes something has no limits',
    severity: 'warning',
    explanation:
      'Whoever finds it may use it as fast as the network allows: to guess, to copy everything, to cost money.',
    fix: 'Give it limits for strangers and actors instead of a reason why it needs none.',
    run: (patient) =>
      unlimitedDoors(patient)
        .filter(([name, door]) => door.authentication !== 'none' || writes(patient, name))
        .map(([name, door]) => sign(`doors.${name}.unlimited`, `Its reason: ${door.unlimited}`)),
  },
  'GUARD-035': {
    title: 'A door without limits, by decision',
    severity: 'notice',
    explanation:
      'It asks nobody who they are and changes nothing. The reason is repeated here so that somebody reads it again.',
    fix: 'Nothing, if the reason still holds.',
    run: (patient) =>
      unlimitedDoors(patient)
        .filter(([name, door]) => door.authentication === 'none' && !writes(patient, name))
        .map(([name, door]) => sign(`doors.${name}.unlimited`, `Its reason: ${door.unlimited}`)),
  },
  'GUARD-036': {
    title: 'A door that changes something fails open',
    severity: 'critical',
    explanation:
      'When the limit store is down, everything passes uncounted: bringing the store down turns the limits off.',
    fix: "Use onStoreFailure: 'local' (count in this process) or 'deny'.",
    run: (patient) =>
      Object.entries(patient.policy.doors)
        .filter(([name, door]) => door.onStoreFailure === 'allow' && changesSomething(patient, name, door))
        .filter(([, door]) => door.unlimited === undefined)
        .map(([name]) => sign(`doors.${name}.onStoreFailure`, 'It is allow.')),
  },
  'GUARD-037': {
    title: 'Strangers share one count',
    severity: 'warning',
    explanation: 'No limit of the door is by address: one caller uses up the quota of everybody.',
    fix: "Add a limit by 'address' beside the shared one.",
    run: ({ policy }) =>
      Object.entries(policy.doors)
        .filter(([, door]) => door.strangers.length > 0)
        .filter(([, door]) => !door.strangers.some(({ by }) => [by].flat().includes('address')))
        .map(([name]) => sign(`doors.${name}.strangers`, 'All are by door or global.')),
  },
  'GUARD-038': {
    title: 'Secrets are checked without a lockout',
    severity: 'critical',
    explanation:
      'A limit by address does not slow a guesser who has many addresses; only a count by account does.',
    fix: 'Add lockout to the policy, give createGuard a lockout, and check secrets inside guard.attempt.',
    run: (patient) =>
      patient.policy.lockout !== undefined
        ? []
        : Object.entries(patient.policy.doors)
            .filter(
              ([name, door]) =>
                signInName.test(name) && door.authentication === 'none' && writes(patient, name),
            )
            .map(([name]) =>
              sign(
                `doors.${name}`,
                'By its name people prove there who they are, and nothing counts by account.',
              ),
            ),
  },
  'GUARD-039': {
    title: 'The lockout lets too many guesses through',
    severity: 'warning',
    explanation: 'Lists of the most common passwords are short: hundreds of tries per account find some.',
    fix: `Use at most ${mostFailures} failures per account; five to ten is usual.`,
    run: ({ policy }) =>
      ifPresent('lockout', policy.lockout, ({ account: { failures } }) =>
        signIf(failures > mostFailures, 'lockout.account.failures', `It is ${failures}.`),
      ),
  },
  'GUARD-040': {
    title: 'Failed sign-ins are forgotten at every restart',
    severity: 'warning',
    explanation: 'A restart, or the next process behind the load balancer, gives a guesser all tries again.',
    fix: 'Give the lockout a durable store.',
    run: ({ policy, facts, production }) =>
      production
        ? ifPresent('lockout', policy.lockout, () =>
            ifTold('lockoutStore', facts.lockoutStore, (where) =>
              signIf(where === 'memory', 'lockoutStore', 'It is in memory.'),
            ),
          )
        : onlyInProduction,
  },
  'GUARD-041': {
    title: 'Nothing slows an address that goes on being refused',
    severity: 'warning',
    explanation:
      'Limits give a guesser the full quota for ever; the penalty box makes it smaller and slower.',
    fix: 'Add penalties: {} to the policy for the defaults.',
    run: ({ policy }) => signIf(policy.penalties === undefined, 'penalties', 'There are none.'),
  },
  'GUARD-042': {
    title: 'Many credentials may be tried from one address',
    severity: 'warning',
    explanation: 'Each refused key or session costs a look-up, and a guesser needs many.',
    fix: 'Set credentialGuesses to a few hundred per minute at most.',
    run: ({ policy }) => {
      const { quota, windowMs } = policy.credentialGuesses
      const most = Math.max(...(typeof quota === 'number' ? [quota] : Object.values(quota)))
      const perMinute = (most / windowMs) * 60_000
      return signIf(perMinute > 1000, 'credentialGuesses', `${Math.round(perMinute)} per minute.`)
    },
  },
  'GUARD-043': {
    title: 'A door that changes something takes requests of other sites',
    severity: 'warning',
    explanation:
      'Any page can send a visitor’s browser there: to sign them into an attacker’s account, for instance.',
    fix: "Remove crossSite: 'accept', or use authentication: 'webhook' where a signature proves the sender.",
    run: (patient) =>
      Object.entries(patient.policy.doors)
        .filter(([, door]) => door.crossSite === 'accept' && door.authentication === 'none')
        .filter(([name]) => writes(patient, name) && !onlyReports(patient, name))
        .map(([name]) => sign(`doors.${name}.crossSite`, 'It is accept, and nobody proves who they are.')),
  },
  'GUARD-044': {
    title: 'A door that no route names',
    severity: 'notice',
    explanation: 'It protects nothing, or the route that should stand behind it stands at another door.',
    fix: 'Remove it, or name it at its route.',
    run: ({ policy, guard }) => {
      const used = new Set(routesOf(policy, guard).map(({ door }) => door))
      if (used.size === 0) return 'no routes are known'
      used.add(policy.unmatched).add(policy.sockets?.door ?? '')
      return Object.keys(policy.doors)
        .filter((name) => !used.has(name))
        .map((name) => sign(`doors.${name}`, 'No known route stands behind it.'))
    },
  },
  'GUARD-045': {
    title: 'The store of the limits does not answer',
    severity: 'critical',
    explanation: 'Every door does what it declared for that case; doors that refuse are closed.',
    fix: 'Start it, or mend its address (REDIS_URL) and what stands between.',
    run: ({ guard }) =>
      guard === undefined
        ? 'the store belongs to a guard, and only a policy was given'
        : guard.ready(storePatienceMs).then(
            () => [],
            () => [sign('store', `It was silent for ${storePatienceMs / 1000} seconds.`)],
          ),
  },
}

/** Everything that keeps a policy from being used, whatever its shape. */
export function problemsOf(policy: Policy): Sign[] {
  return checkPolicy(policy).map(({ path, found, code, fix }) =>
    sign(path, `${code}${found === undefined ? '' : ` (it is ${found})`}. ${fix}`),
  )
}

function unlimitedDoors({ policy }: Patient) {
  return Object.entries(policy.doors).filter(([, door]) => door.unlimited !== undefined)
}

/** Unsafe methods are known to lead there; without any routes nobody is accused. */
/** A door for nothing but what browsers report: they do so from any page, without a cookie. */
function onlyReports({ policy, guard }: Patient, name: string): boolean {
  const endpoints = Object.values(policy.headers?.reportingEndpoints ?? {})
  const routes = routesOf(policy, guard).filter(({ door }) => door === name)
  return routes.length > 0 && routes.every(({ pattern }) => endpoints.includes(pattern))
}

function writes({ policy, guard }: Patient, name: string): boolean {
  return routesOf(policy, guard).some(({ door, method }) => door === name && isUnsafeMethod(method))
}
