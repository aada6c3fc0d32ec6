// What every write of this room leaves in the audit log.
import { auditWorld } from '../test-audit-world.ts'
import { by, someone, testAuditedRoutes } from '../test-audited-writes.ts'
import { workspaceRoutes } from './routes.ts'

testAuditedRoutes(workspaceRoutes, auditWorld, {
  'workspaces.create': {
    rows: ['new me workspace.created workspace'],
    run: by(someone, 'POST', '/api/v1/workspaces', { name: 'Second' }),
  },
  'workspaces.rename': {
    rows: ['own me workspace.renamed workspace'],
    run: by(someone, 'PATCH', ({ workspace }) => workspace, { name: 'Other' }),
  },
  'workspaces.switch': {
    rows: ['new me session.workspace_switched session'],
    async run({ someone, ready }) {
      const me = await someone()
      const made = (await me.do('POST', '/api/v1/workspaces', { name: 'Second' })).body
      await ready()
      await me.do('POST', `/api/v1/workspaces/${made.id}/switch`)
      return me
    },
  },
})
