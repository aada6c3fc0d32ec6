// What is sensitive (factors, addresses, deletion, handing over a workspace) asks for a proof that the person at the
// keyboard is still the one who signed in: a stolen session alone does not take an account over.
import { serviceError } from '@levqor/server'
import { type OwnSession, requireOwnSession, type SessionContext } from './require-own-session.ts'

/**
 * For every sensitive verb, before it changes anything. Returns the person and their session.
 * @throws ServiceError `proof_required` when the last proof is as old as the policy's `recentProofMs`, or older,
 * `not_while_impersonating` for an operator who acts as this person, `credential_unsuitable` for anything but a session
 */
export async function requireRecentProof(ctx: SessionContext): Promise<OwnSession> {
  const session = await requireOwnSession(ctx)
  const { clock, services } = ctx
  const age = clock.now() - (session.provenAt ?? Number.NEGATIVE_INFINITY)
  if (age >= services.identity.policy.recentProofMs) throw serviceError('proof_required')
  return session
}
