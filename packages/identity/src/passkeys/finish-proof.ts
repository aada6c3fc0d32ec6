// Proves with a passkey that the person at the keyboard is still the one who signed in.
import { finishPasskeyProof as contract } from '@levqor/client'
import { z } from 'zod'
import { type RecordedProof, recordProof } from '../proofs/record-proof.ts'
import { defineVerb } from '../services.ts'
import { requireOwnSession } from '../sessions/require-own-session.ts'
import { type CheckedAssertion, checkAssertion } from './check-assertion.ts'
import { type CopySuspected, useAssertion } from './use-assertion.ts'

export const finishPasskeyProof = defineVerb({
  name: 'auth.passkeys.proof.finish',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  /** `address`: for security events only, where it becomes a pseudonym. */
  input: contract.body.extend({ address: z.string() }),
  async prepare(ctx, { response, address }): Promise<CheckedAssertion> {
    const { userId, sessionId } = await requireOwnSession(ctx)
    const asker = { ceremony: 'proof', holder: sessionId } as const
    return checkAssertion(ctx, { asker, response, userId, address })
  },
  async run(ctx, { address }, checked): Promise<RecordedProof | CopySuspected> {
    return (await useAssertion(ctx, checked, address)) ?? recordProof(ctx, { method: 'passkey' })
  },
})
