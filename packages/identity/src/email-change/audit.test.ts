// What every write of this room leaves in the audit log.
import { until } from '@levqor/testing'
import { type AuditWorld, auditWorld } from '../test-audit-world.ts'
import { by, testAuditedRoutes } from '../test-audited-writes.ts'
import { emailChangeRoutes } from './routes.ts'

/** Somebody who waits for both mailboxes, with the tokens of both mails. */
async function asked({ someone, newEmail, mails, mailAfter, tokenOf }: AuditWorld) {
  const me = await someone()
  const email = newEmail()
  const ofNew = tokenOf(await mailAfter(email, () => me.do('POST', '/api/auth/email', { email })))
  await until(async () => (await mails(me.email)).length > 0, { what: 'the other mail' })
  const ofOld = tokenOf((await mails(me.email)).at(-1)?.body_text ?? '')
  return { me, ofOld, ofNew }
}

testAuditedRoutes(emailChangeRoutes, auditWorld, {
  'auth.email.request': {
    rows: [
      'platform me email.change_requested user',
      'platform system:sign-in one_time_token.mailed one_time_token',
      'platform system:sign-in one_time_token.mailed one_time_token',
    ],
    async run({ someone, newEmail, mailAfter, ready }) {
      const me = await someone()
      const email = newEmail()
      await ready()
      await mailAfter(email, () => me.do('POST', '/api/auth/email', { email }))
      return me
    },
  },
  'auth.email.withdraw': {
    rows: ['platform me email.change_withdrawn user'],
    run: by(async (world) => (await asked(world)).me, 'DELETE', '/api/auth/email'),
  },
  'auth.email.confirm': {
    rows: ['platform anonymous email.change_confirmed user', 'platform anonymous email.changed user'],
    async run(world) {
      const { me, ofOld, ofNew } = await asked(world)
      const { http, ready } = world
      await http('POST', '/api/auth/email/confirm', { token: ofNew })
      await ready()
      await http('POST', '/api/auth/email/confirm', { token: ofOld })
      return me
    },
  },
  'auth.email.stop': {
    rows: ['platform anonymous email.change_stopped user'],
    async run(world) {
      const { me, ofOld } = await asked(world)
      await world.ready()
      await world.http('POST', '/api/auth/email/stop', { token: ofOld })
      return me
    },
  },
})
