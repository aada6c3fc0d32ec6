// {@link requireRecentProof} for verbs that also hold the person: first held, then asked. What ends their sessions (a reset,
// the end of the account) comes either before, and is seen here, or waits until this is done.
import type { SystemTransaction } from '@levqor/database'
import { holdPerson } from '../accounts/hold-person.ts'
import { requireUser } from '../actor.ts'
import type { OwnSession, SessionContext } from './require-own-session.ts'
import { requireRecentProof } from './require-recent-proof.ts'

/** @throws ServiceError as {@link requireRecentProof} does */
export async function holdWithRecentProof(
  ctx: SessionContext & { readonly db: SystemTransaction },
): Promise<OwnSession> {
  requireUser(ctx.actor)
  await holdPerson(ctx.db, ctx.actor.id)
  return requireRecentProof(ctx)
}
