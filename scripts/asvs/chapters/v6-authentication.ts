// V6 Authentication. The kernel wraps the check of a secret; what the secret is belongs to the application.
import { application, inapplicable, kernel, type Requirement } from '../requirement.ts'

const passwords = 'Passwords are the application’s.'
const factors = 'Second factors are the application’s.'
const recovery = 'Recovery is the application’s.'
const accounts = 'Accounts are the application’s.'
const providers = 'Identity providers are the application’s.'

export const v6: readonly Requirement[] = [
  kernel(
    'V6.1.1',
    1,
    'How guessing is slowed, and how owners are not locked out by it, is written down.',
    [
      'lockout/lockout-policy.test.ts: the presets can be used and say what the applications promise',
      'policy/policy.test.ts: are the published numbers',
    ],
    'The numbers that an application chooses.',
  ),
  application('V6.1.2', 2, 'Words that no password may hold are listed.', passwords),
  application('V6.1.3', 2, 'Every way to sign in is written down.', accounts),
  application('V6.2.1', 1, 'Passwords have eight characters or more.', passwords),
  application('V6.2.2', 1, 'Passwords can be changed.', passwords),
  application('V6.2.3', 1, 'Changing one needs the old one.', passwords),
  application('V6.2.4', 1, 'Common passwords are refused.', passwords),
  application('V6.2.5', 1, 'No rules about kinds of characters.', passwords),
  application('V6.2.6', 1, 'Password fields hide what is typed.', passwords),
  application('V6.2.7', 1, 'Pasting and password managers work.', passwords),
  application('V6.2.8', 1, 'Passwords are checked exactly as typed.', passwords),
  application('V6.2.9', 2, 'Passwords may be long.', passwords),
  application('V6.2.10', 2, 'Passwords do not expire by themselves.', passwords),
  application('V6.2.11', 2, 'The listed words are refused.', passwords),
  application('V6.2.12', 2, 'Leaked passwords are refused.', passwords),
  kernel('V6.3.1', 1, 'Guessing and credential stuffing are stopped.', [
    'lockout/lockout.race.test.ts: wrong secrets never get more checks than the threshold, whatever it is and however long checks take',
    'lockout/lockout.race.test.ts: wrong secrets from 200 addresses get no more checks together than from one',
    'lockout/lockout.race.test.ts: 200 accounts from one address get no more checks together than the address has',
    'lockout/lockout.attack.test.ts: cannot lock a known device, by any number of failures from anywhere',
    'conformance/lockout-store-cases.ts: 200 parallel wrong guesses lead to at most 5 checks',
  ]),
  application('V6.3.2', 1, 'No default accounts.', accounts),
  application('V6.3.3', 2, 'More than one factor.', factors),
  application('V6.3.4', 2, 'Every way to sign in is equally strong.', accounts),
  kernel(
    'V6.3.5',
    3,
    'Users hear of suspicious attempts.',
    [
      'abuse/anomaly-watch.test.ts: one account from many networks; where none is known, from many addresses',
      'tokens/refresh/stolen-refresh-token.attack.test.ts: tells the user once and emits one event with a cause code, however often it is replayed',
    ],
    'The mail itself.',
  ),
  application('V6.3.6', 3, 'Mail is no factor.', factors),
  application('V6.3.7', 3, 'Users hear of changes to their sign-in.', accounts),
  kernel(
    'V6.3.8',
    3,
    'Nobody can find out which accounts exist.',
    [
      'lockout/check-secret.test.ts: an unknown account does the same work as a known one with a wrong secret, and says the same',
      'lockout/create-lockout.test.ts: an unknown account does the same work, is counted the same and is told the same',
      'lockout/known-and-unknown-accounts.evidence.ts: known and unknown accounts take the same time to refuse',
      'decision/render-problem.test.ts: no text names internals or tells whether an account or key exists',
    ],
    'Registration and recovery.',
  ),
  application('V6.4.1', 1, 'First passwords and codes are random and short-lived.', recovery),
  application('V6.4.2', 1, 'No secret questions.', recovery),
  application('V6.4.3', 2, 'Recovery does not go around the second factor.', recovery),
  application('V6.4.4', 2, 'A lost factor is replaced as carefully as it was set up.', recovery),
  application('V6.4.5', 3, 'Factors that expire are renewed in time.', recovery),
  application('V6.4.6', 3, 'Administrators can begin a recovery, not choose a password.', recovery),
  application('V6.5.1', 2, 'Codes work once.', factors),
  application('V6.5.2', 2, 'Short codes are stored like passwords.', factors),
  application('V6.5.3', 2, 'Codes are random.', factors),
  application('V6.5.4', 2, 'Codes have 20 bits or more.', factors),
  application('V6.5.5', 2, 'Codes end soon.', factors),
  application('V6.5.6', 3, 'Every factor can be revoked.', factors),
  application('V6.5.7', 3, 'Biometrics are never the only factor.', factors),
  application('V6.5.8', 3, 'One-time codes go by the server’s time.', factors),
  application('V6.6.1', 2, 'Telephone codes are the last choice.', factors),
  application('V6.6.2', 2, 'A code belongs to the request that it was sent for.', factors),
  kernel(
    'V6.6.3',
    2,
    'Codes cannot be guessed in the time they have.',
    [
      'lockout/lockout.race.test.ts: wrong secrets never get more checks than the threshold, whatever it is and however long checks take',
    ],
    'Their check must stand inside guard.attempt.',
  ),
  application('V6.6.4', 3, 'Nobody is flooded with push messages.', factors),
  application('V6.7.1', 3, 'Certificates of authenticators cannot be changed.', factors),
  application('V6.7.2', 3, 'Challenges of authenticators are long and unique.', factors),
  application('V6.8.1', 2, 'One provider cannot speak for users of another.', providers),
  application('V6.8.2', 2, 'Signatures of assertions are checked.', providers),
  inapplicable('V6.8.3', 2, 'SAML assertions are used once.', 'The kernel has no SAML.'),
  application('V6.8.4', 2, 'What a provider says about the sign-in is checked.', providers),
]
