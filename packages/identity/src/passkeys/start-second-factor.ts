// Begins to answer the question for a second factor: whoever holds the cookie of the first may try.
import { z } from 'zod'
import { findFirstFactor } from '../second-factor/find-first-factor.ts'
import { defineVerb } from '../services.ts'
import { type StartedAssertion, startAssertion } from './start-assertion.ts'

export const startPasskeySecondFactor = defineVerb({
  name: 'auth.passkeys.second-factor.start',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: z.strictObject({ firstFactor: z.string().optional() }),
  async run(ctx, { firstFactor }): Promise<StartedAssertion> {
    const { userId } = await findFirstFactor(ctx.db, { token: firstFactor, now: ctx.clock.now() })
    return startAssertion(ctx, { ceremony: 'second-factor', holder: firstFactor ?? '', userId })
  },
})
