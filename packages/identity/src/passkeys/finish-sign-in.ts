// Signs in with the answer of a passkey. It was unlocked by its owner, so it counts as both factors.
import { finishPasskeySignIn as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { defineVerb } from '../services.ts'
import { type SignIn, signIn } from '../sessions/sign-in.ts'
import { type CheckedAssertion, checkAssertion } from './check-assertion.ts'
import { type CopySuspected, useAssertion } from './use-assertion.ts'

export const finishPasskeySignIn = defineVerb({
  name: 'auth.passkeys.sign-in.finish',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: contract.body.extend({
    browser: z.string().optional(),
    device: z.string().max(100),
    /** For security events only, where it becomes a pseudonym. */
    address: z.string(),
  }),
  prepare: (ctx, { response, browser = '', address }): Promise<CheckedAssertion> =>
    checkAssertion(ctx, { asker: { ceremony: 'sign-in', holder: browser }, response, address }),
  async run(ctx, { device, address }, checked): Promise<SignIn | CopySuspected> {
    const { pseudonyms } = ctx.services.identity
    const copied = await useAssertion(ctx, checked, address)
    if (copied) return copied
    const result = await signIn(
      ctx,
      {
        email: checked.email,
        method: 'passkey',
        secondFactor: 'passkey',
        device,
        network: pseudonyms('address', address),
        provesMailbox: false,
        details: { passkey: checked.passkeyId },
      },
      address,
    )
    if (!result) throw serviceError('passkey_refused')
    return result
  },
})
