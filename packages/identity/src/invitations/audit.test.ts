// What every write of this room leaves in the audit log.
import { type AuditWorld, auditWorld } from '../test-audit-world.ts'
import { by, someone, testAuditedRoutes } from '../test-audited-writes.ts'
import { invitationRoutes } from './routes.ts'

async function withInvitation(world: AuditWorld) {
  const me = await world.someone()
  const body = { email: world.newEmail(), role: 'viewer' }
  const { id } = (await me.do('POST', `${me.workspace}/invitations`, body)).body
  return { ...me, invitation: id as string }
}

testAuditedRoutes(invitationRoutes, auditWorld, {
  'workspaces.invitations.create': {
    rows: ['own me invitation.created invitation'],
    run: by(someone, 'POST', ({ workspace }) => `${workspace}/invitations`, {
      email: 'guest@example.com',
      role: 'viewer',
    }),
  },
  'workspaces.invitations.withdraw': {
    rows: ['own me invitation.withdrawn invitation'],
    run: by(
      withInvitation,
      'DELETE',
      ({ workspace, invitation }) => `${workspace}/invitations/${invitation}`,
    ),
  },
  'workspaces.invitations.resend': {
    rows: ['own me invitation.resent invitation'],
    run: by(
      withInvitation,
      'POST',
      ({ workspace, invitation }) => `${workspace}/invitations/${invitation}/resend`,
    ),
  },
  'workspaces.invitations.accept': {
    rows: ['own me invitation.accepted invitation'],
    async run({ someone, mailAfter, tokenOf, ready }) {
      const host = await someone()
      const me = await someone()
      const body = { email: me.email, role: 'viewer' }
      const token = tokenOf(
        await mailAfter(me.email, () => host.do('POST', `${host.workspace}/invitations`, body)),
      )
      await ready()
      await me.do('POST', '/api/v1/workspaces/invitations/accept', { token })
      return { id: me.id, home: host.home }
    },
  },
})
