// A member of one workspace with the facts of their account, read through a handle that is bound to the workspace.
import { fromPublicId } from '@levqor/client'
import type { WorkspaceReader } from '@levqor/database'
import { type ServiceError, serviceError } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { MemberFacts } from './present-member.ts'

export function members(db: WorkspaceReader) {
  return db
    .tables<IdentityTables>()
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .select(['users.id', 'users.email', 'users.name', 'memberships.role', 'memberships.created_at'])
}

/** @throws ServiceError `not_found` */
export async function findMember(db: WorkspaceReader, publicId: string): Promise<MemberFacts> {
  const id = fromPublicId('usr', publicId) ?? ''
  const member = await members(db).where('memberships.user_id', '=', id).executeTakeFirst()
  if (!member) throw memberNotFound()
  return member
}

function memberNotFound(): ServiceError {
  return serviceError('not_found', { detail: 'There is no such member in this workspace.' })
}
