// The routes of members: who is one, in which role, and who goes.
import {
  changeMemberRole as changeMemberRoleContract,
  leaveWorkspace as leaveWorkspaceContract,
  listMembers as listMembersContract,
  removeMember as removeMemberContract,
  transferWorkspace as transferWorkspaceContract,
} from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import { presentPage } from '../page.ts'
import type { IdentityServices } from '../services.ts'
import { presentWorkspace } from '../workspaces/present-workspace.ts'
import { changeMemberRole } from './change-member-role.ts'
import { leaveWorkspace } from './leave-workspace.ts'
import { listMembers } from './list-members.ts'
import { presentMember } from './present-member.ts'
import { removeMember } from './remove-member.ts'
import { transferWorkspace } from './transfer-workspace.ts'

export const memberRoutes: readonly Route<IdentityServices>[] = [
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
]
