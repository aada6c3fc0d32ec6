// V15 Secure coding and architecture.
import { application, kernel, type Requirement } from '../requirement.ts'

const process = 'It is about how the project is run.'
const fields = 'What a verb takes and gives is the application’s.'

export const v15: readonly Requirement[] = [
  application('V15.1.1', 1, 'How soon flawed libraries are replaced is written down.', process),
  kernel(
    'V15.1.2',
    2,
    'Third-party code is listed.',
    [
      'packages/guard/test-packed/packed-package.test.ts: asks for no other package, and every front door leads to a program with types',
    ],
    'The bill of materials of the whole application.',
  ),
  application('V15.1.3', 2, 'What costs much is written down.', process),
  application('V15.1.4', 3, 'Risky libraries are named.', process),
  application('V15.1.5', 3, 'Dangerous functions are named.', process),
  application('V15.2.1', 1, 'Libraries are replaced as soon as written down.', process),
  kernel('V15.2.2', 2, 'What costs much cannot be used to bring the service down.', [
    'limits/memory-limit-store.test.ts: %s distinct addresses stay within the configured memory and cost the same per call (%i, %s)',
    'webhooks/webhook-adapters.test.ts: reads no more than the sender’s limit, at its edge',
    'egress/hostile-answers.attack.test.ts: %s is cut long before it has unpacked',
    'socket-io/hostile-frames.attack.test.ts: of %s cut the line at the policy’s rate, with one event',
    'kernel/odd-paths.attack.test.ts: 10,000 segments, long texts and deep wildcards cost bounded work',
  ]),
  kernel('V15.2.3', 2, 'Production holds nothing that it does not need.', [
    'packages/guard/test-packed/packed-package.test.ts: holds programs with their types, and no test',
  ]),
  application('V15.2.4', 3, 'Libraries come from where they are expected.', process),
  application(
    'V15.2.5',
    3,
    'Dangerous functions are fenced in.',
    'The kernel has none; Levqor runs templates in a process of their own.',
  ),
  application('V15.3.1', 1, 'Answers hold the needed fields only.', fields),
  kernel('V15.3.2', 2, 'Redirects are followed on purpose only.', [
    'egress/outgoing-request.attack.test.ts: inward is blocked',
    'egress/outgoing-request.attack.test.ts: outward is followed up to the maximum, at its edge',
    'egress/hostile-answers.attack.test.ts: to %s is blocked: %s, with an event',
  ]),
  application('V15.3.3', 2, 'Fields that were not meant are not written.', fields),
  kernel('V15.3.4', 2, 'The client’s address is the true one, and is the one that counts.', [
    'address/forwarded-headers.attack.test.ts: spoofed hops left of the one the proxy wrote are ignored',
    'address/forwarded-headers.attack.test.ts: a chain of trusted proxies is walked to the first untrusted hop',
    'next/client-address.attack.test.ts: a trusted proxy is believed, from the right',
  ]),
  kernel(
    'V15.3.5',
    2,
    'Types are what they are taken for.',
    [
      'tokens/access/forged-token.attack.test.ts: claims that are no JSON object: %j',
      'webhooks/create-webhook-receiver.test.ts: odd ids inside a signed body are no ids: the bytes are remembered then',
    ],
    'The application’s own data.',
  ),
  kernel('V15.3.6', 2, 'Prototypes cannot be polluted.', [
    'tokens/access/forged-token.attack.test.ts: inherited from nowhere: a claim called __proto__ gives none',
    'socket-io/hostile-frames.attack.test.ts: names of prototypes stay data',
    'sockets/measure-payload.test.ts: prototypes’ names are names like any other',
  ]),
  kernel('V15.3.7', 2, 'What is sent twice is not read in two ways.', [
    'tokens/cookies/cookie-tossing.attack.test.ts: two of one name are believed neither: %s',
    'webhooks/webhook-adapters.test.ts: a header sent twice over a real socket is refused',
    'browser/cross-origin.attack.test.ts: a repeated Origin header is no origin',
    'address/forwarded-headers.attack.test.ts: duplicated headers read as one list, last line nearest',
  ]),
  kernel('V15.4.1', 3, 'What several use at once stays whole.', [
    'conformance/keyed-states-cases.ts: 100 parallel changes of one name lose none',
    'conformance/limit-store-cases.ts: several limits of one call: all are charged or none is',
  ]),
  kernel('V15.4.2', 3, 'Checking and acting are one step.', [
    'conformance/replay-store-cases.ts: of 200 claims at once exactly one gets it',
    'lockout/lockout.race.test.ts: right and wrong ones mixed: each success gives at most one more allowance, and no place stays taken',
    'egress/dns-rebinding.attack.test.ts: an answer that turns inward after the check: the connection goes to the address that was checked',
    'conformance/refresh-store-cases.ts: of 100 callers at once one takes the step, and all see it afterwards',
  ]),
  kernel('V15.4.3', 3, 'Locks do not block each other.', [
    'conformance/keyed-states-cases.ts: parallel changes of several names in any order neither block each other nor lose one',
    'lockout/create-lockout.test.ts: a place whose check takes too long is given away',
  ]),
  kernel('V15.4.4', 3, 'Nobody is kept waiting for ever.', [
    'lockout/waiting-lines.test.ts: wait first come, first served, and only the head asks',
    'lockout/waiting-lines.test.ts: are refused in the end, however much moves',
    'penalty/penalty-box.test.ts: keeps others free: their requests cost what they did',
  ]),
]
