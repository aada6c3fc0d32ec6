// That nothing of identity is written without a test of what it leaves in the audit log: every room has its own for its
// routes (test-audited-writes.ts), and here are the chores.
import { existsSync, globSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import type { Identity } from './create-identity.ts'
import { identityPolicy } from './identity-policy.ts'
import { auditWorld, personal } from './test-audit-world.ts'
import { type AuditedWrite, testAuditedWrites } from './test-audited-writes.ts'

it('every room with routes tests what they leave in the log', () => {
  const rooms = globSync('*/routes.ts', { cwd: import.meta.dirname }).map(dirname)
  expect(rooms.length).toBeGreaterThan(10)
  expect(rooms.filter((room) => !existsSync(`${import.meta.dirname}/${room}/audit.test.ts`))).toEqual([])
})

/** The chores that `Identity` offers; a new one must be added here to compile. */
type Chore = { [K in keyof Identity]: Identity[K] extends () => Promise<number> ? K : never }[keyof Identity]

const chores: Readonly<Record<Chore, AuditedWrite>> = {
  endRotatedKeys: {
    rows: ['own system:maintenance api_key.revoked api_key'],
    async run({ someone, ready, clock, identity }) {
      const me = await someone()
      const key = (await me.do('POST', '/api/v1/api-keys', { name: 'CI' })).body
      await me.do('POST', `/api/v1/api-keys/${key.id}/rotate`, { overlap_minutes: 15 })
      await ready()
      clock.advance(15 * 60_000 + 1)
      expect(await identity.endRotatedKeys()).toBe(1)
      return me
    },
  },
  endImpersonations: {
    rows: ['new system:maintenance impersonation.ended user'],
    async run({ someone, operator, signInElsewhere, ready, clock, identity }) {
      const other = await someone()
      // The first session's proof is too old by now.
      const { jar } = await signInElsewhere(operator.id, operator.home)
      const body = { user_id: other.publicId, reason: `${personal} asked for help.` }
      await operator.do('POST', '/api/admin/impersonate', body, new Map(jar))
      await ready()
      clock.advance(identityPolicy.impersonationMs + 1)
      expect(await identity.endImpersonations()).toBe(1)
      return operator
    },
  },
  closeDueAccounts: {
    rows: ['platform system:maintenance account.closed user'],
    async run({ someone, ready, clock, identity }) {
      const me = await someone()
      await me.do('POST', '/api/auth/account/deletion')
      await ready()
      clock.advance(identityPolicy.deletionGraceMs + 1)
      expect(await identity.closeDueAccounts()).toBe(1)
      return me
    },
  },
}

testAuditedWrites(auditWorld, chores)
