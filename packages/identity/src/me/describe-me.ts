// The caller as the API shows them: person, workspace, role.
import { type Me, toPublicId } from '@levqor/client'
import type { WorkspaceRole } from '@levqor/server'

export interface MyFacts {
  readonly user: { readonly id: string; readonly email: string; readonly name: string | null } | undefined
  readonly workspace: { readonly id: string; readonly name: string }
  readonly role: WorkspaceRole
  readonly operator: boolean
  readonly sessionExpiresAt: number | undefined
}

export function presentMe({ user, workspace, role, operator, sessionExpiresAt }: MyFacts): Me {
  return {
    user: user ? { id: toPublicId('usr', user.id), email: user.email, name: user.name } : null,
    workspace: { id: toPublicId('ws', workspace.id), name: workspace.name, role },
    operator,
    session_expires_at: sessionExpiresAt === undefined ? null : new Date(sessionExpiresAt).toISOString(),
  }
}
