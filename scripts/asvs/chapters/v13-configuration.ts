// V13 Configuration.
import { application, kernel, type Requirement } from '../requirement.ts'

const installation = 'It is about the installation.'
const probes = 'doctor/active-probes.test.ts: find exactly the fault: %s'
const findings = 'doctor/configuration.test.ts: %s: %s'
const blocked = 'egress/outgoing-request.attack.test.ts: %s is blocked: %s'

export const v13: readonly Requirement[] = [
  application('V13.1.1', 2, 'Whom the application talks to is written down.', installation),
  application('V13.1.2', 3, 'Connection limits of each service are written down.', installation),
  application('V13.1.3', 3, 'Timeouts and retries of each service are written down.', installation),
  kernel(
    'V13.1.4',
    3,
    'Secrets and when they are changed are written down.',
    ['command-line/run-command.test.ts: makes new ones every time, says where each goes, and writes nothing'],
    'The calendar.',
  ),
  application('V13.2.1', 2, 'Services prove to each other who they are.', installation),
  application('V13.2.2', 2, 'Services may do no more than they need.', installation),
  kernel(
    'V13.2.3',
    2,
    'No default credentials.',
    ['secrets/secret.test.ts: refuses %j: %s', findings],
    'Credentials of databases and the like.',
  ),
  kernel(
    'V13.2.4',
    2,
    'The application reaches listed systems only.',
    [
      blocked,
      'egress/allow-list.test.ts: a port narrows an entry to that port',
      'egress/dns-rebinding.attack.test.ts: an answer that turns inward after the check: the connection goes to the address that was checked',
    ],
    'Public addresses are open by default; a firewall narrows them.',
  ),
  kernel('V13.2.5', 2, 'The server loads from listed systems only.', [
    blocked,
    'egress/environment.attack.test.ts: a proxy in it is not used: it would resolve the name again, and see everything',
  ]),
  kernel(
    'V13.2.6',
    3,
    'Connections behave as written down when a service is slow or full.',
    [
      'limits/limiter.test.ts: no more wait than it can afford: a backlog is a failure, however patient',
      'limits/limiter.test.ts: all that wait for it are let go together, each as its door says, and nobody waits after them',
      'egress/outgoing-request.attack.test.ts: the limit covers all redirects together',
    ],
    'Databases and other services.',
  ),
  application('V13.3.1', 2, 'Secrets live in a vault.', installation),
  application('V13.3.2', 2, 'Secrets are seen by those who need them.', installation),
  application(
    'V13.3.3',
    3,
    'Keys never leave a security module.',
    'The kernel takes keys as texts and KeyObjects.',
  ),
  kernel(
    'V13.3.4',
    3,
    'Secrets end and are replaced.',
    [
      'secrets/rotating-secret.test.ts: signs with the new one and accepts the old one until its end, to the millisecond',
      'tokens/access/access-tokens.test.ts: a token of the previous key holds until its slot ends, also when it is remembered',
      findings,
    ],
    'Doing it.',
  ),
  kernel(
    'V13.4.1',
    1,
    'Nobody can fetch the repository.',
    [probes],
    'The doctor finds it; the installation mends it.',
  ),
  kernel('V13.4.2', 2, 'Nothing for debugging in production.', [
    'doctor/configuration.test.ts: GUARD-051: the development variant of the content policy in production',
    'webhooks/create-webhook-receiver.test.ts: missing, opened in development: it comes in unverified, and says so',
    probes,
  ]),
  application('V13.4.3', 2, 'No listings of folders.', installation),
  kernel('V13.4.4', 2, 'TRACE is not answered.', [
    'fastify/guard-fastify.test.ts: an OPTIONS route needs a door like any other; a method nobody serves is unmatched',
    probes,
  ]),
  kernel(
    'V13.4.5',
    2,
    'Documentation and monitoring are open only on purpose.',
    ['fastify/guard-fastify.test.ts: a route without a door stops the start and is named', probes],
    'Choosing their door.',
  ),
  kernel('V13.4.6', 3, 'Versions are not shown.', [
    'express/guard-express.test.ts: carries the headers and where the caller stands, and does not say that it is Express',
    probes,
  ]),
  application('V13.4.7', 3, 'Only known kinds of files are served.', installation),
]
