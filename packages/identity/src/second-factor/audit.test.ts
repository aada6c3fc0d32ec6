// What every write of this room leaves in the audit log.
import { totpCode } from '@levqor/testing'
import { auditWorld, password } from '../test-audit-world.ts'
import { by, someone, testAuditedRoutes } from '../test-audited-writes.ts'
import { secondFactorRoutes } from './routes.ts'

testAuditedRoutes(secondFactorRoutes, auditWorld, {
  'auth.totp.start': {
    rows: ['platform me totp.started user'],
    run: by(someone, 'POST', '/api/auth/totp/start'),
  },
  'auth.totp.confirm': {
    rows: ['platform me totp.confirmed user'],
    async run({ someone, ready, clock, secrets }) {
      const me = await someone()
      const { secret } = (await me.do('POST', '/api/auth/totp/start')).body
      secrets.add(secret)
      await ready()
      await me.do('POST', '/api/auth/totp/confirm', { code: totpCode(secret, clock.now()) })
      return me
    },
  },
  'auth.totp.end': {
    rows: ['platform me totp.ended user'],
    async run({ withTotp, ready }) {
      const me = await withTotp()
      await ready()
      await me.do('DELETE', '/api/auth/totp', { code: me.code() })
      return me
    },
  },
  'auth.totp.recovery-codes': {
    rows: ['platform me recovery_codes.renewed user'],
    run: by((world) => world.withTotp(), 'POST', '/api/auth/totp/recovery-codes'),
  },
  'auth.second-factor.verify': {
    rows: ['own anonymous session.started session', 'platform anonymous recovery_code.used user'],
    async run({ withTotp, ready, http }) {
      const me = await withTotp()
      const jar = new Map<string, string>()
      await http('POST', '/api/auth/login', { email: me.email, password }, jar)
      await ready()
      await http('POST', '/api/auth/second-factor', { code: me.recoveryCodes[0] }, jar)
      return me
    },
  },
})
