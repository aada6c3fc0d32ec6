// The caller's session, if it is the person's own: what concerns the account itself is done by nobody who acts for them.
import { type Actor, serviceError } from '@levqor/server'
import { requireUser } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { ReadContext } from '../services.ts'

/** Of verbs of any reach: sessions belong to no workspace. */
export type SessionContext = Pick<ReadContext, 'clock' | 'services'> & {
  readonly db: Pick<ReadContext['db'], 'tables'>
  readonly actor: Actor
}

export interface OwnSession {
  readonly userId: string
  readonly sessionId: string
  /** When the person last proved who they are. */
  readonly provenAt: number | null
}

/**
 * @throws ServiceError `credential_unsuitable` for anything but a session, `credential_invalid` when it has ended,
 * `not_while_impersonating` for an operator who acts as this person
 */
export async function requireOwnSession({ db, actor }: SessionContext): Promise<OwnSession> {
  requireUser(actor)
  const session = await db
    .tables<IdentityTables>()
    .selectFrom('sessions')
    .select(['proven_at', 'impersonator_id'])
    .where('id', '=', actor.sessionId)
    .where('user_id', '=', actor.id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (!session) throw serviceError('credential_invalid')
  if (session.impersonator_id !== null) throw serviceError('not_while_impersonating')
  return { userId: actor.id, sessionId: actor.sessionId, provenAt: session.proven_at }
}
