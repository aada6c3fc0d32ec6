// The routes of workspaces, members and invitations.
import {
  acceptInvitation as acceptInvitationContract,
  changeMemberRole as changeMemberRoleContract,
  createWorkspace as createWorkspaceContract,
  getWorkspace as getWorkspaceContract,
  inviteMember as inviteMemberContract,
  leaveWorkspace as leaveWorkspaceContract,
  listInvitations as listInvitationsContract,
  listMembers as listMembersContract,
  listWorkspaces as listWorkspacesContract,
  lookAtInvitation as lookAtInvitationContract,
  removeMember as removeMemberContract,
  renameWorkspace as renameWorkspaceContract,
  resendInvitation as resendInvitationContract,
  switchWorkspace as switchWorkspaceContract,
  transferWorkspace as transferWorkspaceContract,
  withdrawInvitation as withdrawInvitationContract,
} from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import { acceptInvitation } from '../invitations/accept-invitation.ts'
import { inviteMember } from '../invitations/invite-member.ts'
import { listInvitations } from '../invitations/list-invitations.ts'
import { lookAtInvitation } from '../invitations/look-at-invitation.ts'
import { presentInvitation } from '../invitations/present-invitation.ts'
import { resendInvitation } from '../invitations/resend-invitation.ts'
import { withdrawInvitation } from '../invitations/withdraw-invitation.ts'
import { changeMemberRole } from '../members/change-member-role.ts'
import { leaveWorkspace } from '../members/leave-workspace.ts'
import { listMembers } from '../members/list-members.ts'
import { presentMember } from '../members/present-member.ts'
import { removeMember } from '../members/remove-member.ts'
import { transferWorkspace } from '../members/transfer-workspace.ts'
import type { IdentityServices } from '../services.ts'
import { createWorkspace } from './create-workspace.ts'
import { getWorkspace } from './get-workspace.ts'
import { listWorkspaces } from './list-workspaces.ts'
import { presentWorkspace } from './present-workspace.ts'
import { renameWorkspace } from './rename-workspace.ts'
import { switchWorkspace } from './switch-workspace.ts'

function presentPage<F, P>(present: (facts: F) => P) {
  return ({ items, nextCursor }: { readonly items: readonly F[]; readonly nextCursor: string | null }) => ({
    items: items.map(present),
    next_cursor: nextCursor,
    has_more: nextCursor !== null,
  })
}

export const workspaceRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: listWorkspacesContract,
    door: 'session',
    verb: listWorkspaces,
    input: ({ query }) => query,
    present: presentPage(presentWorkspace),
  }),
  defineRoute({
    contract: createWorkspaceContract,
    door: 'user.write',
    verb: createWorkspace,
    input: ({ body }) => body,
    present: presentWorkspace,
  }),
  defineRoute({
    contract: getWorkspaceContract,
    door: 'session',
    verb: getWorkspace,
    input: ({ params }) => params,
    present: presentWorkspace,
  }),
  defineRoute({
    contract: renameWorkspaceContract,
    door: 'user.write',
    verb: renameWorkspace,
    input: ({ params, body }) => ({ ...params, ...body }),
    present: presentWorkspace,
  }),
  defineRoute({
    contract: switchWorkspaceContract,
    door: 'session',
    verb: switchWorkspace,
    input: ({ params }) => params,
    present: presentWorkspace,
  }),
  defineRoute({
    contract: leaveWorkspaceContract,
    door: 'user.write',
    verb: leaveWorkspace,
    input: ({ params }) => params,
    present: presentWorkspace,
  }),
  defineRoute({
    contract: transferWorkspaceContract,
    door: 'user.write',
    verb: transferWorkspace,
    input: ({ params, body }) => ({ ...params, ...body }),
    present: presentWorkspace,
  }),
  defineRoute({
    contract: listMembersContract,
    door: 'session',
    verb: listMembers,
    input: ({ params, query }) => ({ ...params, ...query }),
    present: presentPage(presentMember),
  }),
  defineRoute({
    contract: changeMemberRoleContract,
    door: 'user.write',
    verb: changeMemberRole,
    input: ({ params, body }) => ({ ...params, ...body }),
    present: presentMember,
  }),
  defineRoute({
    contract: removeMemberContract,
    door: 'user.write',
    verb: removeMember,
    input: ({ params }) => params,
  }),
  defineRoute({
    contract: listInvitationsContract,
    door: 'session',
    verb: listInvitations,
    input: ({ params, query }) => ({ ...params, ...query }),
    present: presentPage(presentInvitation),
  }),
  defineRoute({
    contract: inviteMemberContract,
    door: 'user.write',
    verb: inviteMember,
    input: ({ params, body }) => ({ ...params, ...body }),
    present: presentInvitation,
  }),
  defineRoute({
    contract: withdrawInvitationContract,
    door: 'user.write',
    verb: withdrawInvitation,
    input: ({ params }) => params,
  }),
  defineRoute({
    contract: resendInvitationContract,
    door: 'user.write',
    verb: resendInvitation,
    input: ({ params }) => params,
    present: presentInvitation,
  }),
  defineRoute({
    contract: lookAtInvitationContract,
    // Whoever was invited may have no account yet. A token cannot be guessed; the limit bounds the look-ups.
    door: 'auth.sign-in',
    verb: lookAtInvitation,
    input: ({ body }) => body,
  }),
  defineRoute({
    contract: acceptInvitationContract,
    door: 'user.write',
    verb: acceptInvitation,
    input: ({ body }) => body,
    present: presentWorkspace,
  }),
]
