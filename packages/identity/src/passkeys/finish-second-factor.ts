// Finishes a sign-in with a passkey as its second factor.
import { finishPasskeySecondFactor as contract } from '@levqor/client'
import { z } from 'zod'
import { completeSecondFactor } from '../second-factor/complete-second-factor.ts'
import { findFirstFactor } from '../second-factor/find-first-factor.ts'
import { defineVerb } from '../services.ts'
import type { PresentableSignIn } from '../sessions/present-sign-in.ts'
import { type CheckedAssertion, checkAssertion } from './check-assertion.ts'
import { type CopySuspected, useAssertion } from './use-assertion.ts'

export const finishPasskeySecondFactor = defineVerb({
  name: 'auth.passkeys.second-factor.finish',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: contract.body.extend({
    firstFactor: z.string().optional(),
    deviceCookie: z.string().optional(),
    /** For security events only, where it becomes a pseudonym. */
    address: z.string(),
  }),
  async prepare(ctx, { response, firstFactor, address }): Promise<CheckedAssertion> {
    const { userId } = await findFirstFactor(ctx.db, { token: firstFactor, now: ctx.clock.now() })
    const asker = { ceremony: 'second-factor', holder: firstFactor ?? '' } as const
    return checkAssertion(ctx, { asker, response, userId, address })
  },
  async run(
    ctx,
    { firstFactor, deviceCookie, address },
    checked,
  ): Promise<PresentableSignIn | CopySuspected> {
    const { userId } = checked
    const copied = await useAssertion(ctx, checked, address)
    if (copied) return copied
    return completeSecondFactor(ctx, {
      firstFactor,
      userId,
      secondFactor: 'passkey',
      deviceCookie,
      address,
    })
  },
})
