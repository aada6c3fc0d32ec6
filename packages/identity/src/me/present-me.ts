// The caller as the API shows them: person, workspace, role.
import { type Me, toPublicId } from '@levqor/client'
import type { WorkspaceRole } from '@levqor/server'
import { presentTime } from '../present-time.ts'
import type { UserRow } from '../schema/identity-tables.ts'

export interface MyFacts {
  readonly user:
    | (Pick<UserRow, 'id' | 'email' | 'name' | 'locale' | 'currency' | 'deletion_due_at'> & {
        /** 1 and 0 in SQLite. */
        readonly has_password: boolean | number
      })
    | undefined
  readonly workspace: { readonly id: string; readonly name: string }
  readonly role: WorkspaceRole
  readonly operator: boolean
  readonly sessionExpiresAt: number | undefined
  readonly impersonation?: { readonly by: string; readonly reason: string } | undefined
}

export function presentMe(facts: MyFacts): Me {
  const { user, workspace, role, operator, sessionExpiresAt, impersonation } = facts
  const expiresAt = presentTime(sessionExpiresAt ?? null)
  return {
    user: user
      ? {
          id: toPublicId('usr', user.id),
          email: user.email,
          name: user.name,
          locale: user.locale,
          currency: user.currency,
          has_password: Boolean(user.has_password),
          deletion_due_at: presentTime(user.deletion_due_at),
        }
      : null,
    workspace: { id: toPublicId('ws', workspace.id), name: workspace.name, role },
    operator,
    session_expires_at: expiresAt,
    impersonation: impersonation && expiresAt !== null ? { ...impersonation, expires_at: expiresAt } : null,
  }
}
