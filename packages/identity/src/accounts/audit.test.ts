// What every write of this room leaves in the audit log.
import { auditWorld } from '../test-audit-world.ts'
import { by, someone, testAuditedRoutes } from '../test-audited-writes.ts'
import { accountRoutes } from './routes.ts'

testAuditedRoutes(accountRoutes, auditWorld, {
  'auth.account.delete': {
    rows: ['platform me account.deletion_requested user'],
    run: by(someone, 'POST', '/api/auth/account/deletion'),
  },
  'auth.account.keep': {
    rows: ['platform me account.deletion_undone user'],
    async run({ someone, ready }) {
      const me = await someone()
      await me.do('POST', '/api/auth/account/deletion')
      await ready()
      await me.do('DELETE', '/api/auth/account/deletion')
      return me
    },
  },
})
