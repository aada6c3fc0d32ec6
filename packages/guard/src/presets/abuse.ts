// Abuse rules of Levqor. Numbers are data: an installation replaces them.
import type { AbusePolicy, AnomalyRule } from '../abuse/abuse-policy.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Patterns that somebody should look at. */
export const levqorAnomalies = [
  {
    name: 'run-of-401',
    events: ['auth.failed', 'token.invalid'],
    by: 'address',
    threshold: 30,
    windowMs: 5 * minute,
  },
  {
    name: 'one-address-many-accounts',
    events: ['auth.failed'],
    by: 'address',
    distinct: 'account',
    threshold: 10,
    windowMs: 10 * minute,
  },
  {
    name: 'one-account-many-networks',
    events: ['auth.failed', 'auth.secret_accepted'],
    by: 'account',
    distinct: 'network',
    threshold: 5,
    windowMs: hour,
  },
  { name: 'token-reuse', events: ['token.reuse_detected'], by: 'actor', threshold: 1, windowMs: hour },
  {
    name: 'limiter-burst',
    events: ['limit.denied', 'socket.flood'],
    by: 'address',
    threshold: 100,
    windowMs: minute,
  },
] as const satisfies readonly AnomalyRule[]

/** Free accounts change device or network at most 3 times in 24 hours; sign-ups that look like fraud are held. */
export const levqorAbuse = {
  devices: {
    plans: { default: { changes: 3, atLimit: 'step-up' }, pro: 'unlimited' },
    windowMs: day,
    rememberMs: 30 * day,
  },
  signUps: {
    perReferralAndNetwork: { quota: 5, windowMs: day },
    perAddress: { quota: 3, windowMs: day },
    disposableMail: 'hold',
    heldPerAddress: 20,
  },
  anomalies: levqorAnomalies,
} as const satisfies AbusePolicy
