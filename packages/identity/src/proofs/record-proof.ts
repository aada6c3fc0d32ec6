// The one place where a proof made within a session takes effect: every way to prove ends here, so that none of them is
// weaker than what the account asks for.
import { serviceError } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'
import { requireOwnSession } from '../sessions/require-own-session.ts'
import { type ProofMethod, proofMethods } from './proof-methods.ts'

export interface RecordedProof {
  /** Until then sensitive verbs ask for nothing. */
  readonly provenUntil: number
}

/**
 * Call it in the transaction that uses the proof up. Audits.
 * @throws ServiceError `proof_method_unsuitable` for less than the account asks for, and those of
 * {@link requireOwnSession}
 * @example return recordProof(ctx, { method: 'passkey' })
 */
export async function recordProof(
  ctx: WriteContext,
  { method }: { readonly method: ProofMethod },
): Promise<RecordedProof> {
  const { db, clock, services } = ctx
  const { userId, sessionId } = await requireOwnSession(ctx)
  // Also here, in the transaction: a second factor may have been switched on since the proof was looked at.
  if (!(await proofMethods(db, userId)).includes(method)) throw serviceError('proof_method_unsuitable')
  const first = method === 'password' || method === 'mail'
  const now = clock.now()
  await db
    .tables<IdentityTables>()
    .updateTable('sessions')
    .set({ proven_at: now, ...(first ? {} : { second_factor: method }) })
    .where('id', '=', sessionId)
    .execute()
  await ctx.audit({
    action: 'session.proven',
    target: { kind: 'session', id: sessionId },
    details: { user: userId, method },
  })
  return { provenUntil: now + services.identity.policy.recentProofMs }
}
