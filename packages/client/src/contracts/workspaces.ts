// Workspaces, their members, and invitations into them.
import { z } from 'zod'
import { emailAddress, workspaceRole } from './auth.ts'
import { defineContract, oneLine, page, pageQuery, plainText, publicId, timestamp } from './contract.ts'

const workspaceName = oneLine(60)

export const workspace = z.object({
  id: publicId('ws'),
  name: z.string(),
  role: workspaceRole.describe('The caller’s own'),
  current: z.boolean().describe('Whether the session acts in this workspace'),
  created_at: timestamp,
})

export const member = z.object({
  user_id: publicId('usr'),
  email: z.string(),
  name: z.string().nullable(),
  role: workspaceRole,
  joined_at: timestamp,
})

/** Nobody is invited as an owner: owners are made of members. */
export const invitationRole = workspaceRole.exclude(['owner'])

export const invitation = z.object({
  id: publicId('inv'),
  email: z.string(),
  role: invitationRole,
  invited_by: z.string().nullable().describe('Name or address of the member who invited'),
  created_at: timestamp,
  expires_at: timestamp,
})

const workspaceParams = z.strictObject({ id: publicId('ws') })
const memberParams = z.strictObject({ id: publicId('ws'), user_id: publicId('usr') })
const invitationParams = z.strictObject({ id: publicId('ws'), invitation_id: publicId('inv') })
const nameBody = z.strictObject({ name: workspaceName })
const tokenBody = z.strictObject({ token: plainText(200).min(20) })

export const listWorkspaces = defineContract({
  id: 'workspaces.list',
  method: 'GET',
  path: '/api/v1/workspaces',
  summary: 'List your workspaces with your role in each, oldest first',
  status: 200,
  query: z.strictObject(pageQuery),
  answer: page(workspace),
})

export const createWorkspace = defineContract({
  id: 'workspaces.create',
  method: 'POST',
  path: '/api/v1/workspaces',
  summary: 'Make a workspace; you are its owner',
  status: 201,
  body: nameBody,
  answer: workspace,
})

export const getWorkspace = defineContract({
  id: 'workspaces.get',
  method: 'GET',
  path: '/api/v1/workspaces/{id}',
  summary: 'One of your workspaces',
  status: 200,
  params: workspaceParams,
  answer: workspace,
})

export const renameWorkspace = defineContract({
  id: 'workspaces.rename',
  method: 'PATCH',
  path: '/api/v1/workspaces/{id}',
  summary: 'Rename the current workspace',
  status: 200,
  params: workspaceParams,
  body: nameBody,
  answer: workspace,
})

export const switchWorkspace = defineContract({
  id: 'workspaces.switch',
  method: 'POST',
  path: '/api/v1/workspaces/{id}/switch',
  summary: 'Let this session act in another of your workspaces',
  status: 200,
  params: workspaceParams,
  answer: workspace,
})

export const leaveWorkspace = defineContract({
  id: 'workspaces.leave',
  method: 'POST',
  path: '/api/v1/workspaces/{id}/leave',
  summary: 'Leave the current workspace; answers the one in which the session goes on',
  status: 200,
  params: workspaceParams,
  answer: workspace,
})

export const transferWorkspace = defineContract({
  id: 'workspaces.transfer',
  method: 'POST',
  path: '/api/v1/workspaces/{id}/transfer',
  summary: 'Make another member the owner in your place; you become an admin',
  status: 200,
  params: workspaceParams,
  body: z.strictObject({ user_id: publicId('usr') }),
  answer: workspace,
})

export const listMembers = defineContract({
  id: 'workspaces.members.list',
  method: 'GET',
  path: '/api/v1/workspaces/{id}/members',
  summary: 'List the members of the current workspace',
  status: 200,
  params: workspaceParams,
  query: z.strictObject(pageQuery),
  answer: page(member),
})

export const changeMemberRole = defineContract({
  id: 'workspaces.members.change-role',
  method: 'PATCH',
  path: '/api/v1/workspaces/{id}/members/{user_id}',
  summary: 'Change the role of a member',
  status: 200,
  params: memberParams,
  body: z.strictObject({ role: workspaceRole }),
  answer: member,
})

export const removeMember = defineContract({
  id: 'workspaces.members.remove',
  method: 'DELETE',
  path: '/api/v1/workspaces/{id}/members/{user_id}',
  summary: 'Remove a member; their sessions here and their keys of this workspace end at once',
  status: 204,
  params: memberParams,
})

export const listInvitations = defineContract({
  id: 'workspaces.invitations.list',
  method: 'GET',
  path: '/api/v1/workspaces/{id}/invitations',
  summary: 'List the open invitations of the current workspace, newest first',
  status: 200,
  params: workspaceParams,
  query: z.strictObject(pageQuery),
  answer: page(invitation),
})

export const inviteMember = defineContract({
  id: 'workspaces.invitations.create',
  method: 'POST',
  path: '/api/v1/workspaces/{id}/invitations',
  summary: 'Invite somebody by mail; the answer is the same whether the address has an account or not',
  status: 201,
  params: workspaceParams,
  body: z.strictObject({ email: emailAddress, role: invitationRole }),
  answer: invitation,
})

export const withdrawInvitation = defineContract({
  id: 'workspaces.invitations.withdraw',
  method: 'DELETE',
  path: '/api/v1/workspaces/{id}/invitations/{invitation_id}',
  summary: 'Withdraw an invitation',
  status: 204,
  params: invitationParams,
})

export const resendInvitation = defineContract({
  id: 'workspaces.invitations.resend',
  method: 'POST',
  path: '/api/v1/workspaces/{id}/invitations/{invitation_id}/resend',
  summary: 'Send an invitation once more: a new one with a new link takes its place',
  status: 201,
  params: invitationParams,
  answer: invitation,
})

export const lookAtInvitation = defineContract({
  id: 'workspaces.invitations.look',
  method: 'POST',
  path: '/api/v1/workspaces/invitations/look',
  summary: 'What an invitation is to, before accepting it',
  status: 200,
  body: tokenBody,
  answer: z.object({
    workspace: z.string().describe('Its name'),
    role: invitationRole,
    invited_by: z.string().nullable().describe('Name of who invited, if they gave one'),
  }),
})

export const acceptInvitation = defineContract({
  id: 'workspaces.invitations.accept',
  method: 'POST',
  path: '/api/v1/workspaces/invitations/accept',
  summary: 'Accept an invitation that was sent to your verified address',
  status: 200,
  body: tokenBody,
  answer: workspace,
})

export type Workspace = z.infer<typeof workspace>
export type Member = z.infer<typeof member>
export type Invitation = z.infer<typeof invitation>
export type InvitationRole = z.infer<typeof invitationRole>
