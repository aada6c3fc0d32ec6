// What every write of this room leaves in the audit log.
import { type AuditWorld, auditWorld } from '../test-audit-world.ts'
import { by, someone, testAuditedRoutes } from '../test-audited-writes.ts'
import { keyRoutes } from './routes.ts'

async function withKey(world: AuditWorld) {
  const me = await world.someone()
  const { body } = await me.do('POST', '/api/v1/api-keys', { name: 'CI' })
  return { ...me, key: body }
}

testAuditedRoutes(keyRoutes, auditWorld, {
  'api-keys.create': {
    rows: ['own me api_key.created api_key'],
    run: by(someone, 'POST', '/api/v1/api-keys', { name: 'CI', allowed_addresses: ['192.0.2.7'] }),
  },
  'api-keys.change': {
    rows: ['own me api_key.changed api_key'],
    run: by(withKey, 'PATCH', ({ key }) => `/api/v1/api-keys/${key.id}`, {
      name: 'CD',
      allowed_addresses: ['192.0.2.0/24'],
    }),
  },
  'api-keys.rotate': {
    rows: ['own me api_key.rotated api_key'],
    run: by(withKey, 'POST', ({ key }) => `/api/v1/api-keys/${key.id}/rotate`, {
      overlap_minutes: 0,
      allowed_addresses: ['192.0.2.7'],
    }),
  },
  'api-keys.revoke': {
    rows: ['own me api_key.revoked api_key'],
    run: by(withKey, 'DELETE', ({ key }) => `/api/v1/api-keys/${key.id}`),
  },
  'api-keys.report': {
    rows: ['own anonymous api_key.reported api_key'],
    async run(world) {
      const me = await withKey(world)
      await world.ready()
      await world.http('POST', '/api/v1/api-keys/report', { key: me.key.secret })
      return me
    },
  },
})
