// What every write of this room leaves in the audit log.
import { auditWorld, password } from '../test-audit-world.ts'
import { by, someone, testAuditedRoutes } from '../test-audited-writes.ts'
import { proofRoutes } from './routes.ts'

testAuditedRoutes(proofRoutes, auditWorld, {
  'auth.proof.give': {
    rows: ['platform me session.proven session'],
    run: by((world) => world.withPassword(), 'POST', '/api/auth/proof', { password }),
  },
  'auth.proof.mail': {
    rows: ['platform me proof_code.mailed session'],
    run: by(someone, 'POST', '/api/auth/proof/mail'),
  },
})
