// Somebody who is signed in begins to add a passkey.

import type { PasskeyCreationOptions } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { generateRegistrationOptions } from '@simplewebauthn/server'
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { issueChallenge } from './passkey-challenge.ts'
import { passkeysOf } from './passkeys-of.ts'
import { relyingParty } from './relying-party.ts'
import { userHandle } from './user-handle.ts'
import { passkeyAlgorithms } from './verify-registration.ts'

export interface StartedRegistration {
  readonly origin: string
  readonly options: PasskeyCreationOptions
}

export const startPasskeyRegistration = defineVerb({
  name: 'auth.passkeys.register.start',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run(ctx): Promise<StartedRegistration> {
    const { db, services } = ctx
    const party = relyingParty(services)
    const { userId, sessionId } = await requireRecentProof(ctx)
    const user = await db
      .tables<IdentityTables>()
      .selectFrom('users')
      .select(['email', 'name'])
      .where('id', '=', userId)
      .executeTakeFirst()
    if (!user) throw serviceError('credential_invalid')
    const known = await passkeysOf(db, userId)
    if (known.length >= services.identity.policy.passkeysPerPerson) throw serviceError('too_many_passkeys')
    const challenge = await issueChallenge(ctx, { ceremony: 'registration', holder: sessionId, userId })
    // Nothing of the account changes before the authenticator has answered.
    ctx.changedNothing()
    const {
      challenge: text,
      rp,
      user: owner,
      pubKeyCredParams,
    } = await generateRegistrationOptions({
      rpName: party.name,
      rpID: party.id,
      userID: userHandle(userId),
      userName: user.email,
      userDisplayName: user.name ?? user.email,
      challenge: challenge.bytes,
      supportedAlgorithmIDs: [...passkeyAlgorithms],
    })
    return {
      origin: party.origin,
      options: {
        challenge: text,
        rp: { id: party.id, name: rp.name },
        user: owner,
        pubKeyCredParams,
        timeout: challenge.lifetimeMs,
        // Which model made a passkey is nobody's business here, and no model is refused.
        attestation: 'none',
        excludeCredentials: known.map((each) => ({ ...each, type: 'public-key' })),
        authenticatorSelection: {
          residentKey: 'required',
          requireResidentKey: true,
          userVerification: 'required',
        },
      },
    }
  },
})
