// V11 Cryptography. The kernel signs, keys and hashes with node:crypto; it encrypts nothing.
import { application, inapplicable, kernel, open, type Requirement } from '../requirement.ts'

const documents = 'Keys of a whole installation are its operator’s to list.'
const noEncryption = 'The kernel encrypts nothing.'
const vectors =
  'webhooks/webhook-providers.test.ts: HMAC-SHA256: RFC 4231, test case 2, as a sender of one’s own would send it'

export const v11: readonly Requirement[] = [
  application('V11.1.1', 2, 'How keys live and die is written down.', documents),
  application('V11.1.2', 2, 'Keys, algorithms and certificates are listed.', documents),
  application('V11.1.3', 3, 'Uses of cryptography are searched for.', documents),
  application('V11.1.4', 3, 'There is a plan for new algorithms.', documents),
  kernel('V11.2.1', 2, 'Cryptography is done by proven libraries.', [
    'tokens/access/access-tokens.test.ts: agree with jose: it verifies what we sign, and what it signs verifies here',
    vectors,
  ]),
  kernel(
    'V11.2.2',
    2,
    'Keys and algorithms can be changed.',
    [
      'tokens/access/token-keys.test.ts: stand in slots: one signs, the next and the previous are accepted',
      'secrets/rotating-secret.test.ts: signs with the new one and accepts the old one until its end, to the millisecond',
      'tokens/refresh/refresh-tokens.test.ts: can be replaced: nobody is signed out, and a thief is still found out',
      'webhooks/webhook-secrets.test.ts: receivers with the old or the new one accept during the overlap; the old one not after it',
    ],
    'Data that is encrypted anew.',
  ),
  kernel('V11.2.3', 2, 'Nothing is weaker than 128 bits.', [
    'tokens/access/token-keys.test.ts: a weak secret is refused: %s',
    'secrets/secret.test.ts: refuses %j: %s',
    'secrets/secret-purposes.test.ts: all are strong, and no two are the same',
  ]),
  open(
    'V11.2.4',
    3,
    'Comparisons take the same time whatever they compare.',
    'Secrets and signatures are compared by timingSafeEqual; no test measures it.',
  ),
  kernel('V11.2.5', 3, 'Failures of cryptography say nothing.', [
    'tokens/access/forged-token.attack.test.ts: nothing that anybody sends throws',
    'tokens/access/identify-by-token.test.ts: is the same for every cause, to the letter; the cause is in the event',
  ]),
  inapplicable('V11.3.1', 1, 'No unsafe modes and paddings.', noEncryption),
  inapplicable('V11.3.2', 1, 'Approved ciphers only.', noEncryption),
  inapplicable('V11.3.3', 2, 'Encrypted data cannot be changed.', noEncryption),
  inapplicable('V11.3.4', 3, 'Nonces of ciphers are used once.', noEncryption),
  inapplicable('V11.3.5', 3, 'Encrypt, then authenticate.', noEncryption),
  kernel('V11.4.1', 1, 'Approved hash functions only.', [
    vectors,
    'tokens/access/forged-token.attack.test.ts: %j is refused, with and without a signature',
  ]),
  application('V11.4.2', 2, 'Passwords are stored by a slow function.', 'Passwords are the application’s.'),
  kernel('V11.4.3', 2, 'Hashes in signatures have 256 bits.', [vectors]),
  application('V11.4.4', 2, 'Keys from passwords are stretched.', 'The kernel makes no keys from passwords.'),
  kernel('V11.5.1', 2, 'What must not be guessed has 128 random bits.', [
    'headers/headers.test.ts: nonces are fresh and long',
    'tokens/refresh/refresh-tokens.test.ts: gives a new token at every use: 70 letters, of which none tells another',
    'webhooks/webhook-secrets.test.ts: secrets of 256 bits, none like another, that do not print themselves',
  ]),
  open(
    'V11.5.2',
    3,
    'Random numbers stay good under load.',
    'It is node:crypto’s; no test of ours loads it.',
  ),
  kernel('V11.6.1', 2, 'Keys and signatures use approved algorithms.', [
    'secrets/secret-purposes.test.ts: the key pair is an Ed25519 pair, read as the text says',
    'tokens/access/token-keys.test.ts: a key must be of the kind that its algorithm takes',
  ]),
  inapplicable(
    'V11.6.2',
    3,
    'Key exchange uses safe parameters.',
    'The kernel exchanges no keys; TLS is Node’s and the proxy’s.',
  ),
  application('V11.7.1', 3, 'Memory is encrypted.', 'It is the machine’s.'),
  application(
    'V11.7.2',
    3,
    'As little as possible is in the clear, as shortly as possible.',
    'It is about the application’s data.',
  ),
]
