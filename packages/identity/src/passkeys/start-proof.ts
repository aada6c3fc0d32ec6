// Somebody who is signed in begins to prove that they are still the one.
import { z } from 'zod'
import { defineVerb } from '../services.ts'
import { requireOwnSession } from '../sessions/require-own-session.ts'
import { type StartedAssertion, startAssertion } from './start-assertion.ts'

export const startPasskeyProof = defineVerb({
  name: 'auth.passkeys.proof.start',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run(ctx): Promise<StartedAssertion> {
    const { userId, sessionId } = await requireOwnSession(ctx)
    return startAssertion(ctx, { ceremony: 'proof', holder: sessionId, userId })
  },
})
