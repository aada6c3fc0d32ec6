// V16 Security logging and error handling.
import { application, kernel, type Requirement } from '../requirement.ts'

const elsewhere = 'Where lines go, and who reads them, is the installation’s.'
const line = 'events/event-pipeline.test.ts: is one line of JSON that a search for [SECURITY] finds'

export const v16: readonly Requirement[] = [
  application('V16.1.1', 2, 'What is logged where, and for how long, is written down.', elsewhere),
  kernel('V16.2.1', 2, 'Every entry says when, where, who and what.', [
    'events/event-pipeline.test.ts: arrive in order, complete, with the address as a pseudonym',
  ]),
  kernel('V16.2.2', 2, 'Times are one clock’s, in UTC.', [line, 'doctor/configuration.test.ts: %s: %s']),
  application('V16.2.3', 2, 'Logs go only where they are meant to.', elsewhere),
  kernel('V16.2.4', 2, 'Logs have a form that programs read.', [line]),
  kernel('V16.2.5', 2, 'Nothing that must stay secret is logged.', [
    'scripts/canary.test.ts: fail each test that leaks into an event, a stream, the console or a child’s output',
    'secrets/secret.test.ts: show their name wherever they are printed',
    'events/event-pipeline.test.ts: are equal for equal values for a period, different between kinds, periods and keys',
    'webhooks/webhook-signatures.attack.test.ts: no event and no answer holds a secret, a signature or a body',
    'lockout/create-lockout.test.ts: hold neither account nor device, and the address only where it becomes a pseudonym',
  ]),
  kernel(
    'V16.3.1',
    2,
    'Signing in is logged, right and wrong.',
    [
      'kernel/create-guard.test.ts: a wrong one says nothing about why; the event does',
      'lockout/create-lockout.test.ts: tell each lock and its end once',
    ],
    'The way of signing in and its factors.',
  ),
  kernel(
    'V16.3.2',
    2,
    'Refused access is logged.',
    ['kernel/create-guard.test.ts: scopes are checked for those who have any'],
    'Refusals inside verbs; at level 3 every access.',
  ),
  kernel('V16.3.3', 2, 'Attempts to get around a protection are logged.', [
    'browser/cross-origin.attack.test.ts: of %s are refused, and somebody is told',
    'webhooks/create-webhook-receiver.test.ts: observe: forged, replayed and concurrent ones are noted and pass',
    'abuse/anomaly-watch.test.ts: a run of 401 from one address, at its threshold, once per window',
    'switches/switches.test.ts: anything but enforce is an event, once per change',
  ]),
  kernel('V16.3.4', 2, 'Failures of protections are logged.', [
    'limits/limiter.test.ts: each change of state is one event, and requests ask again only after a probe was answered',
    'lockout/ask-store.test.ts: each change between failing and working is one event, however many ask',
    'tokens/revocation/create-revocations.test.ts: one event says so and one says that it is over, however many checks are made',
  ]),
  kernel('V16.4.1', 2, 'Nobody can write log lines of their own.', [
    line,
    'webhooks/webhook-signatures.attack.test.ts: an unknown sender is refused and its name, which may be anybody’s text, reaches no event',
    'headers/csp-reports.test.ts: whatever arrives, nothing is thrown and nothing unknown is kept',
  ]),
  application('V16.4.2', 2, 'Logs cannot be changed.', elsewhere),
  application('V16.4.3', 2, 'Logs leave the machine.', elsewhere),
  kernel(
    'V16.5.1',
    2,
    'Errors tell strangers nothing.',
    [
      'decision/render-problem.test.ts: no text names internals or tells whether an account or key exists',
      'doctor/active-probes.test.ts: find exactly the fault: %s',
    ],
    'Errors of handlers.',
  ),
  kernel('V16.5.2', 2, 'The service goes on safely when another one fails.', [
    'kernel/create-guard.test.ts: each door does what it declared',
    'redis/redis-revocation-bus.test.ts: Redis killed: the store answers at once; back again: what was missed is known, without a restart',
    'socket-io/two-processes.race.test.ts: without Redis refuses as the door says, and recovers without a restart',
  ]),
  kernel('V16.5.3', 2, 'Nothing fails open.', [
    'fastify/guard-fastify.test.ts: that fails %s goes to the server’s error handler, and nothing passes',
    'express/guard-express.test.ts: that fails %s goes to the error handler, and nothing passes',
    'lockout/lockout.attack.test.ts: refuses the attempt before the secret is looked at; one event per change',
    'kernel/credentials.test.ts: whatever changes something is refused, whatever the door says',
  ]),
  application(
    'V16.5.4',
    3,
    'A last handler catches every error.',
    'Unhandled errors are the server’s; adapters hand theirs to it.',
  ),
]
