// What every write of this room leaves in the audit log.
import { auditWorld, personal } from '../test-audit-world.ts'
import { testAuditedRoutes } from '../test-audited-writes.ts'
import { userRoutes } from './routes.ts'

testAuditedRoutes(userRoutes, auditWorld, {
  'users.upsert': {
    rows: ['new me user.created user'],
    async run({ operator, ready }) {
      await ready()
      await operator.do('POST', '/api/v1/users/upsert', { email: 'made@example.com', name: personal })
      return operator
    },
  },
  'users.change': {
    rows: ['platform me account.closed user', 'platform me user.changed user'],
    async run({ someone, operator, ready }) {
      const other = await someone()
      await ready()
      await operator.do('PATCH', `/api/v1/users/${other.publicId}`, {
        status: 'disabled',
        name: `${personal} 2`,
      })
      return operator
    },
  },
})
