// What every write of this room leaves in the audit log.
import { describe } from 'vitest'
import { type AuditWorld, auditWorld, personal } from '../test-audit-world.ts'
import {
  type AuditedWrites,
  by,
  someone,
  testAuditedRoutes,
  testAuditedWrites,
} from '../test-audited-writes.ts'
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

/** An operator who acts for somebody, in a browser of their own. */
async function visit({ someone, operator, signInElsewhere }: AuditWorld) {
  const person = await someone()
  const from = await signInElsewhere(operator.id, operator.home)
  const jar = new Map(from.jar)
  const body = { user_id: person.publicId, reason: `${personal} asked for help.` }
  await operator.do('POST', '/api/admin/impersonate', body, jar)
  return { person, from, jar }
}

const endsOfVisits: AuditedWrites = {
  'the person ends it': {
    rows: ['own me impersonation.ended user'],
    async run(world) {
      const { person } = await visit(world)
      const { items } = (await person.do('GET', '/api/auth/sessions')).body
      const { id } = items.find(({ method }: { method: string }) => method === 'impersonation')
      await world.ready()
      await person.do('DELETE', `/api/auth/sessions/${id}`)
      return person
    },
  },
  'the operator ends their own session elsewhere': {
    rows: ['new me impersonation.ended user', 'own me session.ended session'],
    async run(world) {
      const { operator, signInElsewhere, ready } = world
      const { from } = await visit(world)
      const elsewhere = await signInElsewhere(operator.id, operator.home)
      await ready()
      const path = `/api/auth/sessions/ses_${from.sessionId.replaceAll('-', '')}`
      await operator.do('DELETE', path, undefined, new Map(elsewhere.jar))
      return operator
    },
  },
  'the operator signs out': {
    rows: ['new impersonation:me impersonation.ended user', 'own impersonation:me session.ended session'],
    async run(world) {
      const { jar } = await visit(world)
      await world.ready()
      await world.operator.do('POST', '/api/auth/logout', undefined, jar)
      return world.operator
    },
  },
}

describe('the end of acting for somebody', () => testAuditedWrites(auditWorld, endsOfVisits))
