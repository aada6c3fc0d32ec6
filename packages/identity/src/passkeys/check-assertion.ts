// Whether a passkey's answer is right (WebAuthn Level 3, section 7.2). Runs before the transaction; `useAssertion` then
// decides between parallel uses. Whatever is wrong with the passkey has one answer, so nobody learns which ones exist.

import type { PasskeyAssertion } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { ReadContext } from '../services.ts'
import { readClientData } from './client-data.ts'
import { type Asker, findChallenge } from './passkey-challenge.ts'
import { type RelyingParty, relyingParty } from './relying-party.ts'
import { userHandle } from './user-handle.ts'

export interface CheckedAssertion {
  readonly challengeId: string
  readonly passkeyId: string
  readonly name: string
  readonly userId: string
  readonly email: string
  readonly counter: number
  readonly backedUp: boolean
}

interface AssertionFacts {
  readonly asker: Asker
  readonly response: PasskeyAssertion
  /** Whose passkey it must be; undefined: the passkey itself says who signs in. */
  readonly userId?: string
  /** For security events only, where it becomes a pseudonym. */
  readonly address: string
}

/** For the work of an unknown passkey to be that of a known one: a valid point of P-256 that nobody can sign for. */
const nobodysKey = Buffer.from(
  'a5010203262001' +
    '2158206b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
    '2258204fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
  'hex',
)

/** @throws ServiceError `passkey_expired`, `passkey_refused`, `passkey_needs_domain` */
export async function checkAssertion(
  ctx: Pick<ReadContext, 'db' | 'clock' | 'services' | 'requestId'>,
  { asker, response, userId, address }: AssertionFacts,
): Promise<CheckedAssertion> {
  const { db, clock, services, requestId } = ctx
  const party = relyingParty(services)
  const refuse = (cause: string, code: 'passkey_refused' | 'passkey_expired' = 'passkey_refused'): never => {
    const details = { door: 'passkey', ceremony: asker.ceremony, cause }
    services.identity.events.emit({ event: 'auth.failed', requestId, address, details })
    throw serviceError(code)
  }
  const said = readClientData(response.response.clientDataJSON)
  if (!said) return refuse('malformed')
  const challengeId = await findChallenge(db, { challenge: said.challenge, asker, now: clock.now() })
  if (challengeId === undefined) return refuse('challenge', 'passkey_expired')
  const known = await db
    .tables<IdentityTables>()
    .selectFrom('passkeys')
    .innerJoin('users', 'users.id', 'passkeys.user_id')
    .select(['passkeys.id', 'passkeys.name', 'passkeys.public_key', 'users.id as user_id', 'users.email'])
    .where('passkeys.credential_id', '=', response.id)
    .where('users.status', '=', 'active')
    .executeTakeFirst()
  const publicKey = known ? Buffer.from(known.public_key, 'base64url') : nobodysKey
  const signed = await verify(response, { challenge: said.challenge, party, publicKey })
  if (!known) return refuse('unknown')
  if (!signed) return refuse(said.origin === party.origin ? 'signature' : 'origin')
  if (userId !== undefined && known.user_id !== userId) return refuse('other_account')
  if (!names(response.response.userHandle, known.user_id, userId !== undefined)) return refuse('user_handle')
  return {
    challengeId,
    passkeyId: known.id,
    name: known.name,
    userId: known.user_id,
    email: known.email,
    counter: signed.newCounter,
    backedUp: signed.credentialBackedUp,
  }
}

async function verify(
  { id, rawId, type, response }: PasskeyAssertion,
  expected: { readonly challenge: string; readonly party: RelyingParty; readonly publicKey: Buffer },
) {
  const { clientDataJSON, authenticatorData, signature } = response
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId,
        type,
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: expected.challenge,
      expectedOrigin: expected.party.origin,
      expectedRPID: expected.party.id,
      requireUserVerification: true,
      // The counter is compared by useAssertion: only a signature that is right may say that somebody has a copy.
      credential: { id, publicKey: Uint8Array.from(expected.publicKey), counter: 0 },
    })
    return verified ? authenticationInfo : undefined
  } catch {
    // The library throws for everything that is not as it should be, and its words quote what was sent.
    return undefined
  }
}

/** Who signs in without having been named must be named by the passkey (section 7.2, step 6). */
function names(handle: string | undefined, userId: string, mayBeAbsent: boolean): boolean {
  if (handle === undefined) return mayBeAbsent
  return Buffer.from(handle, 'base64url').equals(userHandle(userId))
}
