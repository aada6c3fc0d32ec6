// Which ways the caller has to prove who they are, and how long the last proof holds.
import { z } from 'zod'
import { defineVerb } from '../services.ts'
import { requireOwnSession } from '../sessions/require-own-session.ts'
import { type ProofMethod, proofMethods } from './proof-methods.ts'

export interface ProofState {
  readonly methods: readonly ProofMethod[]
  /** Null when it holds no more. */
  readonly provenUntil: number | null
}

export const getProof = defineVerb({
  name: 'auth.proof.get',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer', impersonated: 'refused' },
  input: z.strictObject({}),
  async run(ctx): Promise<ProofState> {
    const { userId, provenAt } = await requireOwnSession(ctx)
    const until = (provenAt ?? Number.NEGATIVE_INFINITY) + ctx.services.identity.policy.recentProofMs
    return {
      methods: await proofMethods(ctx.db, userId),
      provenUntil: until > ctx.clock.now() ? until : null,
    }
  },
})
