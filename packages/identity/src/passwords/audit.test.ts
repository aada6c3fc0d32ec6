// What every write of this room leaves in the audit log.
import { auditWorld, password, personal } from '../test-audit-world.ts'
import { by, testAuditedRoutes } from '../test-audited-writes.ts'
import { passwordRoutes } from './routes.ts'

testAuditedRoutes(passwordRoutes, auditWorld, {
  'auth.register': {
    rows: [
      'platform anonymous registration.requested one_time_token',
      'platform system:sign-in one_time_token.mailed one_time_token',
    ],
    async run({ newEmail, ready, http, mailAfter }) {
      const body = { email: newEmail(), password, name: personal }
      await ready()
      await mailAfter(body.email, () => http('POST', '/api/auth/register', body))
      return undefined
    },
  },
  'auth.verify-email': {
    rows: ['new anonymous user.created user'],
    async run({ newEmail, ready, http, mailAfter, tokenOf }) {
      const body = { email: newEmail(), password, name: personal }
      const jar = new Map<string, string>()
      const token = tokenOf(await mailAfter(body.email, () => http('POST', '/api/auth/register', body, jar)))
      await ready()
      await http('POST', '/api/auth/verify-email', { token }, jar)
      return undefined
    },
  },
  'auth.login': {
    rows: ['own anonymous session.started session'],
    async run({ withPassword, ready, http }) {
      const me = await withPassword()
      await ready()
      await http('POST', '/api/auth/login', { email: me.email, password })
      return me
    },
  },
  'auth.forgot-password': {
    rows: [
      'platform anonymous password.forgotten one_time_token',
      'platform system:sign-in one_time_token.mailed one_time_token',
    ],
    async run({ someone, ready, http, mailAfter }) {
      const me = await someone()
      await ready()
      await mailAfter(me.email, () => http('POST', '/api/auth/forgot-password', { email: me.email }))
      return me
    },
  },
  'auth.reset-password': {
    rows: ['platform anonymous password.reset user'],
    async run({ someone, ready, http, mailAfter, tokenOf }) {
      const me = await someone()
      const token = tokenOf(
        await mailAfter(me.email, () => http('POST', '/api/auth/forgot-password', { email: me.email })),
      )
      await ready()
      await http('POST', '/api/auth/reset-password', { token, password })
      return me
    },
  },
  'auth.password.change': {
    rows: ['platform me password.changed user'],
    run: by((world) => world.withPassword(), 'POST', '/api/auth/password', {
      current: password,
      password: `${password} 2`,
    }),
  },
})
