// V9 Self-contained tokens.
import { kernel, type Requirement } from '../requirement.ts'

const forged = 'tokens/access/forged-token.attack.test.ts'

export const v9: readonly Requirement[] = [
  kernel('V9.1.1', 1, 'A token’s signature is checked before anything in it counts.', [
    `${forged}: property: any single changed, added or missing letter of a token fails`,
    `${forged}: of one token on the claims of another, after the first was remembered`,
  ]),
  kernel('V9.1.2', 1, 'Algorithms are on a list, and "none" is not.', [
    `${forged}: %j is refused, with and without a signature`,
    `${forged}: algorithm confusion: HS256 with the public key as its secret, in every spelling of that key`,
    `${forged}: %s is not chosen by a token`,
  ]),
  kernel('V9.1.3', 1, 'Keys come from our configuration, never from the token.', [
    `${forged}: %s is refused, signed by the attacker or by us`,
    `${forged}: traversal, injection, odd letters: %j`,
  ]),
  kernel('V9.2.1', 1, 'A token counts within its time only.', [
    `${forged}: edges of the tolerance: five seconds ahead still hold`,
    'tokens/access/access-tokens.test.ts: may come five seconds from the future, for clocks that differ, and not a millisecond more',
    'tokens/access/access-tokens.test.ts: say who, for whom, from when and until when, and hold for 15 minutes',
  ]),
  kernel('V9.2.2', 2, 'A token is of the kind that is asked for.', [
    `${forged}: %j is none of an access token`,
  ]),
  kernel('V9.2.3', 2, 'A token is meant for this service.', [`${forged}: wrong %s: %j`]),
  kernel('V9.2.4', 2, 'Tokens that we issue say for whom.', [
    'tokens/access/access-tokens.test.ts: say who, for whom, from when and until when, and hold for 15 minutes',
    `${forged}: missing %s`,
  ]),
]
