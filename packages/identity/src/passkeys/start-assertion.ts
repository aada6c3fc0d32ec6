// Asks for an answer of a passkey, in every ceremony that asks for one.

import type { PasskeyRequestOptions } from '@levqor/client'
import { generateAuthenticationOptions } from '@simplewebauthn/server'
import type { WriteContext } from '../services.ts'
import { type Asker, issueChallenge } from './passkey-challenge.ts'
import { passkeysOf } from './passkeys-of.ts'
import { relyingParty } from './relying-party.ts'

export interface StartedAssertion {
  readonly origin: string
  readonly options: PasskeyRequestOptions
}

/** @param facts `userId`: whose passkeys may answer; null: nobody is known yet, and any may */
export async function startAssertion(
  ctx: WriteContext,
  facts: Asker & { readonly userId: string | null },
): Promise<StartedAssertion> {
  const party = relyingParty(ctx.services)
  const challenge = await issueChallenge(ctx, facts)
  // Nothing of any account changes before the authenticator has answered.
  ctx.changedNothing()
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    challenge: challenge.bytes,
    timeout: challenge.lifetimeMs,
    userVerification: 'required',
  })
  const allowed = facts.userId === null ? [] : await passkeysOf(ctx.db, facts.userId)
  return {
    origin: party.origin,
    options: {
      challenge: options.challenge,
      rpId: party.id,
      timeout: challenge.lifetimeMs,
      userVerification: 'required',
      allowCredentials: allowed.map((each) => ({ ...each, type: 'public-key' })),
    },
  }
}
