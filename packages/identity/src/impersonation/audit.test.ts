// What every write of this room leaves in the audit log.
import { auditWorld, personal } from '../test-audit-world.ts'
import { testAuditedRoutes } from '../test-audited-writes.ts'
import { impersonationRoutes } from './routes.ts'

const asking = (user_id: string) => ({ user_id, reason: `${personal} asked for help.` })

testAuditedRoutes(impersonationRoutes, auditWorld, {
  'admin.impersonate.start': {
    rows: ['new me impersonation.started user'],
    async run({ someone, operator, ready }) {
      const { publicId } = await someone()
      await ready()
      await operator.do('POST', '/api/admin/impersonate', asking(publicId))
      return operator
    },
  },
  'admin.impersonate.stop': {
    rows: ['new anonymous impersonation.ended user'],
    async run({ someone, operator, ready }) {
      const { publicId } = await someone()
      const jar = new Map(operator.jar)
      await operator.do('POST', '/api/admin/impersonate', asking(publicId), jar)
      await ready()
      await operator.do('DELETE', '/api/admin/impersonate', undefined, jar)
      return operator
    },
  },
})
