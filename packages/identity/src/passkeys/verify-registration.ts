// Whether a new passkey is one: made for this installation, by the browser that asked, by somebody whom the authenticator
// has recognised (WebAuthn Level 3, section 7.1).

import type { PasskeyRegistrationResponse } from '@levqor/client'
import { verifyRegistrationResponse } from '@simplewebauthn/server'
import { decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers'
import type { RelyingParty } from './relying-party.ts'

/** EdDSA, ES256, RS256: together every authenticator there is. */
export const passkeyAlgorithms = [-8, -7, -257] as const

export interface NewPasskey {
  /** base64url. */
  readonly credentialId: string
  /** COSE key, base64url. */
  readonly publicKey: string
  readonly counter: number
  readonly backedUp: boolean
}

/** Undefined: it is none, whatever is wrong with it. */
export async function verifyRegistration(
  { id, rawId, type, response }: PasskeyRegistrationResponse,
  challenge: string,
  party: RelyingParty,
): Promise<NewPasskey | undefined> {
  try {
    if (!isAnonymous(response.attestationObject)) return undefined
    const { registrationInfo: made } = await verifyRegistrationResponse({
      response: { id, rawId, type, response: { ...response, transports: [] }, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...passkeyAlgorithms],
    })
    // The id outside is only said; the one inside is what the authenticator made.
    if (made?.credential.id !== id) return undefined
    return {
      credentialId: id,
      publicKey: isoBase64URL.fromBuffer(made.credential.publicKey),
      counter: made.credential.counter,
      backedUp: made.credentialBackedUp,
    }
  } catch {
    // The library throws for everything that is not as it should be, and its words quote what was sent.
    return undefined
  }
}

/**
 * Without certificates: none was asked for, and checking one would fetch its list of revocations from wherever the sender
 * says.
 */
function isAnonymous(attestationObject: string): boolean {
  const attestation = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject))
  const format = attestation.get('fmt')
  if (format === 'none') return true
  return format === 'packed' && attestation.get('attStmt').get('x5c') === undefined
}
