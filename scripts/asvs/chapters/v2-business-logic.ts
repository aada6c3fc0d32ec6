// V2 Validation and business logic.
import { application, kernel, type Requirement } from '../requirement.ts'

const contracts =
  'What data means is the application’s: its contracts check every input before its verbs see it.'

export const v2: readonly Requirement[] = [
  application('V2.1.1', 1, 'Rules for single inputs are written down.', contracts),
  application('V2.1.2', 2, 'Rules for inputs that belong together are written down.', contracts),
  kernel(
    'V2.1.3',
    2,
    'Limits per user and for everybody are written down.',
    [
      'command-line/run-command.test.ts: tells door, access, limits by plan and answers',
      'policy/policy.test.ts: are the published numbers',
    ],
    'Limits of a business that are no rates.',
  ),
  kernel(
    'V2.2.1',
    1,
    'Input is checked against what is expected of it.',
    [
      'kernel/odd-paths.attack.test.ts: %s is no path to anywhere',
      'address/forwarded-headers.attack.test.ts: malformed %j gives the address of the socket',
      'tokens/access/forged-token.attack.test.ts: claims that are no JSON object: %j',
      'policy/policy.test.ts: reports all problems at once, each with its place and what to do',
    ],
    'Everything beyond what the kernel itself decides on.',
  ),
  application('V2.2.2', 1, 'Checks are made on the server.', contracts),
  application('V2.2.3', 2, 'Combined inputs make sense together.', contracts),
  application('V2.3.1', 1, 'Steps of a flow happen in their order.', 'The kernel knows no flows.'),
  kernel(
    'V2.3.2',
    2,
    'Business limits are enforced.',
    [
      'abuse/sign-up-watch.test.ts: 5 a day per referral code and network pass, the sixth is held',
      'abuse/device-watch.test.ts: changes device 3 times in 24 hours; the fourth has to confirm who it is',
    ],
    'Limits of a business that the kernel does not know.',
  ),
  application(
    'V2.3.3',
    2,
    'A business operation happens whole or not at all.',
    'Transactions are the database’s.',
  ),
  kernel(
    'V2.3.4',
    2,
    'What is limited in number cannot be taken twice by racing.',
    [
      'conformance/limit-store-cases.ts: 200 concurrent calls at limit 10 pass exactly 10',
      'abuse/sign-up-watch.test.ts: 200 at once: exactly the quota passes and every other one is held or told, none is lost',
      'socket-io/two-processes.race.test.ts: share the throttle of %s: of forty at once, exactly %i pass',
    ],
    'Seats, slots and stock.',
  ),
  application('V2.3.5', 3, 'Steps of high value need a second person.', 'The kernel knows no such steps.'),
  kernel('V2.4.1', 2, 'Excessive calls are stopped.', [
    'kernel/create-guard.test.ts: strangers pass up to their limit, then wait',
    'kernel/create-guard.test.ts: known callers are charged their own limits, not the strangers’',
    'penalty/penalty-box.test.ts: climbs level by level, each told once, and is blocked in the end',
    'penalty/human-check.test.ts: is asked for at its level, and whoever passes it goes on, slower',
    'conformance/limit-store-cases.ts: sliding-window: a window edge gives no second quota',
  ]),
  application(
    'V2.4.2',
    3,
    'Flows take as long as a person needs.',
    'Limits of one request per some seconds can be declared; which flow needs one only the application knows.',
  ),
]
