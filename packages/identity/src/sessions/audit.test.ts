// What every write of this room leaves in the audit log.
import { auditWorld, personal } from '../test-audit-world.ts'
import { by, someone, testAuditedRoutes } from '../test-audited-writes.ts'
import { sessionRoutes } from './routes.ts'

testAuditedRoutes(sessionRoutes, auditWorld, {
  'auth.sessions.name': {
    rows: ['platform me session.named session'],
    run: by(someone, 'PATCH', ({ sessionId }) => `/api/auth/sessions/ses_${sessionId.replaceAll('-', '')}`, {
      name: personal,
    }),
  },
  'auth.sessions.end': {
    rows: ['own me session.ended session'],
    async run({ someone, signInElsewhere, ready }) {
      const me = await someone()
      const other = await signInElsewhere(me.id, me.home)
      await ready()
      await me.do('DELETE', `/api/auth/sessions/ses_${other.sessionId.replaceAll('-', '')}`)
      return me
    },
  },
  'auth.sessions.end-others': {
    rows: ['platform me session.others_ended user'],
    async run({ someone, signInElsewhere, ready }) {
      const me = await someone()
      await signInElsewhere(me.id, me.home)
      await ready()
      await me.do('POST', '/api/auth/sessions/end-others')
      return me
    },
  },
  'auth.logout': {
    rows: ['own me session.ended session'],
    run: by(someone, 'POST', '/api/auth/logout'),
  },
})
