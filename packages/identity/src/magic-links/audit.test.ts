// What every write of this room leaves in the audit log.
import { auditWorld } from '../test-audit-world.ts'
import { testAuditedRoutes } from '../test-audited-writes.ts'
import { magicLinkRoutes } from './routes.ts'

testAuditedRoutes(magicLinkRoutes, auditWorld, {
  'auth.magic-link': {
    rows: [
      'platform anonymous magic_link.requested magic_link',
      'platform system:sign-in magic_link.mailed magic_link',
    ],
    async run({ someone, ready, http, mailAfter }) {
      const me = await someone()
      await ready()
      await mailAfter(me.email, () => http('POST', '/api/auth/magic-link', { email: me.email }))
      return me
    },
  },
  'auth.magic-link.verify': {
    rows: ['own anonymous session.started session'],
    async run({ someone, ready, http, mailAfter, tokenOf }) {
      const me = await someone()
      const jar = new Map<string, string>()
      const token = tokenOf(
        await mailAfter(me.email, () => http('POST', '/api/auth/magic-link', { email: me.email }, jar)),
      )
      await ready()
      await http('POST', '/api/auth/magic-link/verify', { token }, jar)
      return me
    },
  },
})
