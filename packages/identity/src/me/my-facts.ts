// Who somebody with a session is, and in which workspace.
import type { SystemReader } from '@levqor/database'
import { serviceError, type UserActor } from '@levqor/server'
import { people } from './people.ts'
import type { MyFacts } from './present-me.ts'

/** @throws ServiceError `credential_invalid` when the session's row is gone */
export async function myFacts(
  db: Pick<SystemReader, 'tables'>,
  actor: UserActor,
  workspace: MyFacts['workspace'],
): Promise<MyFacts & { readonly sessionExpiresAt: number }> {
  const user = await people(db)
    .innerJoin('sessions', 'sessions.user_id', 'users.id')
    .leftJoin('users as operator', 'operator.id', 'sessions.impersonator_id')
    .select([
      'sessions.expires_at',
      'sessions.impersonation_reason as reason',
      'operator.email as operator_email',
    ])
    .where('users.id', '=', actor.id)
    .where('sessions.id', '=', actor.sessionId)
    .executeTakeFirst()
  if (!user) throw serviceError('credential_invalid')
  const { operator_email: by, reason, expires_at: sessionExpiresAt } = user
  const impersonation = by === null || reason === null ? undefined : { by, reason }
  return { user, workspace, role: actor.role, operator: actor.operator, sessionExpiresAt, impersonation }
}
