// V7 Session management.
import { application, kernel, open, type Requirement } from '../requirement.ts'

const pages = 'It is about pages and buttons.'
const federation = 'Federated sign-in is the application’s.'
const thirtyDays = 'tokens/refresh/refresh-tokens.test.ts: holds 30 days, whatever its use'

export const v7: readonly Requirement[] = [
  application(
    'V7.1.1',
    2,
    'Lifetimes of sessions are written down with their reasons.',
    'The policy holds them as data; the reasons are the application’s.',
  ),
  application(
    'V7.1.2',
    2,
    'How many sessions one account may have is written down.',
    'The kernel does not count sessions.',
  ),
  application('V7.1.3', 2, 'How federated sessions hang together is written down.', federation),
  kernel('V7.2.1', 1, 'Session tokens are verified on the server.', [
    'tokens/access/identify-by-token.test.ts: takes it from the cookie, and says so, because a browser sends that for whoever asks',
    'tokens/access/identify-by-token.test.ts: refuses %s with its cause',
  ]),
  kernel('V7.2.2', 1, 'Session tokens are made for each session.', [
    'tokens/refresh/refresh-tokens.test.ts: gives a new token at every use: 70 letters, of which none tells another',
    'tokens/refresh/refresh-tokens.test.ts: two families have nothing in common',
  ]),
  kernel('V7.2.3', 1, 'Reference tokens are unique and hold 128 random bits.', [
    'tokens/refresh/refresh-tokens.test.ts: gives a new token at every use: 70 letters, of which none tells another',
    'tokens/refresh/refresh-tokens.test.ts: whoever has the store alone, or the secret alone, can make no token',
  ]),
  kernel(
    'V7.2.4',
    1,
    'Signing in makes a new session.',
    ['tokens/refresh/refresh-tokens.test.ts: two families have nothing in common'],
    'Ending the session before it.',
  ),
  open(
    'V7.3.1',
    2,
    'A session that is not used ends.',
    'A family of refresh tokens has an absolute end only; opaque sessions are the application’s (Levqor’s end after seven idle days).',
  ),
  kernel('V7.3.2', 2, 'A session ends whatever its use.', [thirtyDays]),
  kernel('V7.4.1', 1, 'An ended session is worthless at once.', [
    'tokens/refresh/refresh-tokens.test.ts: a family voids its refresh and access tokens everywhere',
    'tokens/revocation/create-revocations.test.ts: what is revoked here is known here when it is stored, and told to all',
    'redis/redis-revocation-bus.test.ts: a revocation is known on the other side, from memory',
    'socket-io/two-processes.race.test.ts: share revocations: a session that ends in one has no socket left in either within a second',
  ]),
  kernel(
    'V7.4.2',
    1,
    'A closed account has no session left.',
    [
      'conformance/refresh-store-cases.ts: ends all families of one user, and nobody else’s',
      'tokens/refresh/refresh-tokens.test.ts: everything of a user spares who signs in right afterwards, in the same millisecond',
    ],
    'Calling it when an account is closed.',
  ),
  application('V7.4.3', 2, 'Changing a factor offers to end all other sessions.', pages),
  application('V7.4.4', 2, 'Signing out is easy to find.', pages),
  application(
    'V7.4.5',
    2,
    'Administrators can end sessions.',
    'The kernel ends them; who may ask for it is the application’s.',
  ),
  application(
    'V7.5.1',
    2,
    'Changing the account needs a fresh sign-in.',
    'The kernel has the refusal (step_up_required); which doors need it only the application knows.',
  ),
  application('V7.5.2', 2, 'Users see and end their sessions.', pages),
  application(
    'V7.5.3',
    3,
    'What is very sensitive needs another factor.',
    'Second factors are the application’s.',
  ),
  application('V7.6.1', 2, 'Sessions with a provider end as written down.', federation),
  application('V7.6.2', 2, 'No session begins without the user.', pages),
]
