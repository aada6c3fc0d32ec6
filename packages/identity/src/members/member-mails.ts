// What a member is told when somebody else changes their place in a workspace.
import type { WorkspaceRole } from '@levqor/server'
import type { WriteContext } from '../services.ts'

const warning =
  'If this surprises you, ask an owner of the workspace. Your account and your other workspaces are as they were.'

const abilities: Readonly<Record<WorkspaceRole, string>> = {
  viewer: 'You can look at jobs and workflows.',
  member: 'You can run jobs and change workflows.',
  admin: 'You can also make API keys, invite people and manage members and viewers.',
  owner: 'You can do everything, also make other people owners and transfer the workspace.',
}

interface Told {
  readonly to: string
  readonly workspace: string
}

export function mailRoleChanged(
  { db, services, requestId }: WriteContext,
  { to, workspace, role }: Told & { readonly role: WorkspaceRole },
): Promise<void> {
  const subject =
    role === 'owner' ? `You are now an owner of “${workspace}”` : `Your role in “${workspace}” has changed`
  const said =
    role === 'owner'
      ? `You are now an owner of the workspace “${workspace}”.`
      : `Your role in the workspace “${workspace}” is now: ${role}.`
  return services.identity.sendAccountMail(db, {
    to,
    subject,
    paragraphs: [said, abilities[role]],
    warning,
    requestId,
  })
}

export function mailRemoved(
  { db, services, requestId }: WriteContext,
  { to, workspace }: Told,
): Promise<void> {
  return services.identity.sendAccountMail(db, {
    to,
    subject: `You were removed from “${workspace}”`,
    paragraphs: [
      `You are no longer a member of the workspace “${workspace}”.`,
      'Your sessions in it have ended, and the API keys that you made in it no longer work. You can sign in again.',
    ],
    warning,
    requestId,
  })
}
