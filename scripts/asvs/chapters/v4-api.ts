// V4 API and web service.
import { application, inapplicable, kernel, open, type Requirement } from '../requirement.ts'

const probes = 'doctor/active-probes.test.ts: find exactly the fault: %s'
const parser = 'Incoming messages are taken apart by Node and by the proxy in front of it.'
const graphQl = 'The kernel has no GraphQL.'

export const v4: readonly Requirement[] = [
  kernel(
    'V4.1.1',
    1,
    'Answers say what they are, with their charset.',
    [
      'decision/render-problem.test.ts: a limit says when to come back, in the body and in the fields',
      probes,
    ],
    'Answers of the application; the doctor looks at them.',
  ),
  kernel('V4.1.2', 2, 'Only pages are redirected to HTTPS; programs are refused.', [
    'kernel/transport.attack.test.ts: API doors refuse instead of redirecting: a client must not learn to send its key in the clear first',
    'kernel/transport.attack.test.ts: pages move to the public origin with 308, path and query kept',
    probes,
  ]),
  kernel('V4.1.3', 2, 'Clients cannot write what only proxies may.', [
    'address/forwarded-headers.attack.test.ts: a stranger talking to us directly cannot forward anything',
    'address/forwarded-headers.attack.test.ts: whatever an attacker prepends changes nothing',
    'address/forwarded-headers.attack.test.ts: headers that proxies elsewhere use are not read',
    'kernel/transport.attack.test.ts: counts from nobody else: a client cannot declare its own connection safe',
    probes,
  ]),
  kernel('V4.1.4', 3, 'Methods that nobody serves are refused.', [
    'fastify/guard-fastify.test.ts: an OPTIONS route needs a door like any other; a method nobody serves is unmatched',
    'express/odd-requests.attack.test.ts: holds for a handler of all methods: those the policy does not name have none',
  ]),
  kernel('V4.1.5', 3, 'Messages that pass several systems are signed one by one.', [
    'webhooks/standard-webhook.test.ts: gives the vector of the specification',
    'webhooks/webhook-signatures.attack.test.ts: any flipped byte of any body fails, invalid UTF-8 included',
  ]),
  application('V4.2.1', 2, 'Where a message ends is read in one way.', parser),
  kernel('V4.2.2', 3, 'What we send says its true length.', [
    'egress/request-smuggling.attack.test.ts: %s with a body says how long it is, so that it is not read as a second request',
    'egress/request-smuggling.attack.test.ts: its length is counted in bytes',
  ]),
  kernel(
    'V4.2.3',
    3,
    'Headers of one connection are not carried over.',
    [
      'egress/request-smuggling.attack.test.ts: those of the connection are its own, however they are spelled',
      'egress/outgoing-request.attack.test.ts: headers that belong to the connection cannot be set',
    ],
    parser,
  ),
  application('V4.2.4', 3, 'No line breaks in HTTP/2 and HTTP/3 headers.', parser),
  open(
    'V4.2.5',
    3,
    'What we send is not too long for its receiver.',
    'Outgoing addresses and headers have no cap of their own; the receiver’s refusal is an ordinary answer.',
  ),
  inapplicable('V4.3.1', 2, 'Queries are bounded in depth and cost.', graphQl),
  inapplicable('V4.3.2', 2, 'The schema is not shown in production.', graphQl),
  kernel('V4.4.1', 1, 'Sockets are encrypted.', [
    'sockets/create-socket-guard.test.ts: over plain HTTP is refused where HTTPS is required, not redirected',
  ]),
  kernel('V4.4.2', 2, 'The page that opens a socket is one of ours.', [
    'socket-io/guard-socket-io.test.ts: from the wrong origin "%s" is refused before it exists, whatever credential it shows',
    probes,
  ]),
  kernel('V4.4.3', 2, 'Tokens for sockets are as good as sessions.', [
    'socket-io/guard-socket-io.test.ts: an expired token does not come in',
    'socket-io/guard-socket-io.test.ts: a session that has ended does not come in',
    'socket-io/guard-socket-io.test.ts: in the address is not read',
  ]),
  kernel('V4.4.4', 2, 'Tokens for sockets come from the HTTPS session.', [
    'socket-io/guard-socket-io.test.ts: of a session from our own page comes in',
    'socket-io/guard-socket-io.test.ts: the end of its %s cuts it, tells it why, and nobody else',
  ]),
]
