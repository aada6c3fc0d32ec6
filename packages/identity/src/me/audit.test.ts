// What every write of this room leaves in the audit log.
import { auditWorld, personal } from '../test-audit-world.ts'
import { by, someone, testAuditedRoutes } from '../test-audited-writes.ts'
import { meRoutes } from './routes.ts'

testAuditedRoutes(meRoutes, auditWorld, {
  'auth.me.change': {
    rows: ['platform me user.profile_changed user'],
    run: by(someone, 'PATCH', '/api/auth/me', { name: `${personal} 2`, locale: 'sv' }),
  },
})
