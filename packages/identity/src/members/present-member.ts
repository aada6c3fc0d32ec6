// A member as the API shows them to the other members.
import { type Member, toPublicId } from '@levqor/client'
import type { WorkspaceRole } from '@levqor/server'
import { presentTime } from '../present-time.ts'

export interface MemberFacts {
  readonly id: string
  readonly email: string
  readonly name: string | null
  readonly role: WorkspaceRole
  /** Since when they are a member. */
  readonly created_at: number
}

export function presentMember({ id, email, name, role, created_at }: MemberFacts): Member {
  return { user_id: toPublicId('usr', id), email, name, role, joined_at: presentTime(created_at) }
}
