// The routes of invitations.
import {
  acceptInvitation as acceptInvitationContract,
  inviteMember as inviteMemberContract,
  listInvitations as listInvitationsContract,
  lookAtInvitation as lookAtInvitationContract,
  resendInvitation as resendInvitationContract,
  withdrawInvitation as withdrawInvitationContract,
} from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import { presentPage } from '../page.ts'
import type { IdentityServices } from '../services.ts'
import { presentWorkspace } from '../workspaces/present-workspace.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { inviteMember } from './invite-member.ts'
import { listInvitations } from './list-invitations.ts'
import { lookAtInvitation } from './look-at-invitation.ts'
import { presentInvitation } from './present-invitation.ts'
import { resendInvitation } from './resend-invitation.ts'
import { withdrawInvitation } from './withdraw-invitation.ts'

export const invitationRoutes: readonly Route<IdentityServices>[] = [
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
