// What every write of this room leaves in the audit log. Starting a ceremony leaves nothing: the challenge is a row that nobody
// can use but who asked for it.
import { softAuthenticator } from '@levqor/testing'
import { type AuditWorld, auditWorld, password, personal, type Someone } from '../test-audit-world.ts'
import { by, someone, testAuditedRoutes } from '../test-audited-writes.ts'
import { passkeyRoutes } from './routes.ts'
import { origin } from './test-passkeys.ts'

async function addPasskey(me: Pick<Someone, 'do'>) {
  const authenticator = softAuthenticator({ origin })
  const { options } = (await me.do('POST', '/api/auth/passkeys/register/start')).body
  const response = authenticator.create(options)
  const { body } = await me.do('POST', '/api/auth/passkeys/register/finish', { name: personal, response })
  return { authenticator, passkey: body.id as string }
}

async function withPasskey(world: AuditWorld) {
  const me = await world.someone()
  return { ...me, ...(await addPasskey(me)) }
}

/** Somebody whose password was right, and who has a passkey for the second factor. */
async function askedForPasskey(world: AuditWorld) {
  const me = await world.withTotp()
  const { authenticator } = await addPasskey(me)
  const jar = new Map<string, string>()
  await world.http('POST', '/api/auth/login', { email: me.email, password }, jar)
  return { me, authenticator, jar }
}

testAuditedRoutes(passkeyRoutes, auditWorld, {
  'auth.passkeys.register.start': {
    rows: [],
    run: by(someone, 'POST', '/api/auth/passkeys/register/start'),
  },
  'auth.passkeys.register.finish': {
    rows: ['platform me passkey.added passkey'],
    async run({ someone, ready }) {
      const me = await someone()
      const { options } = (await me.do('POST', '/api/auth/passkeys/register/start')).body
      const response = softAuthenticator({ origin }).create(options)
      await ready()
      await me.do('POST', '/api/auth/passkeys/register/finish', { name: personal, response })
      return me
    },
  },
  'auth.passkeys.rename': {
    rows: ['platform me passkey.renamed passkey'],
    async run(world) {
      const me = await withPasskey(world)
      await world.ready()
      await me.do('PATCH', `/api/auth/passkeys/${me.passkey}`, { name: `${personal} 2` })
      return me
    },
  },
  'auth.passkeys.remove': {
    rows: ['platform me passkey.removed passkey'],
    async run(world) {
      const me = await withPasskey(world)
      await world.ready()
      await me.do('DELETE', `/api/auth/passkeys/${me.passkey}`)
      return me
    },
  },
  'auth.passkeys.sign-in.start': {
    rows: [],
    async run({ ready, http }) {
      await ready()
      await http('POST', '/api/auth/passkeys/sign-in/start')
      return undefined
    },
  },
  'auth.passkeys.sign-in.finish': {
    rows: ['own anonymous session.started session'],
    async run(world) {
      const { ready, http } = world
      const { authenticator, ...me } = await withPasskey(world)
      const jar = new Map<string, string>()
      const { options } = (await http('POST', '/api/auth/passkeys/sign-in/start', undefined, jar)).body
      await ready()
      const response = authenticator.get(options)
      await http('POST', '/api/auth/passkeys/sign-in/finish', { response }, jar)
      return me
    },
  },
  'auth.passkeys.second-factor.start': {
    rows: [],
    async run(world) {
      const { me, jar } = await askedForPasskey(world)
      await world.ready()
      await world.http('POST', '/api/auth/passkeys/second-factor/start', undefined, jar)
      return me
    },
  },
  'auth.passkeys.second-factor.finish': {
    rows: ['own anonymous session.started session'],
    async run(world) {
      const { me, authenticator, jar } = await askedForPasskey(world)
      const { http, ready } = world
      const { options } = (await http('POST', '/api/auth/passkeys/second-factor/start', undefined, jar)).body
      await ready()
      const response = authenticator.get(options)
      await http('POST', '/api/auth/passkeys/second-factor/finish', { response }, jar)
      return me
    },
  },
  'auth.passkeys.proof.start': {
    rows: [],
    run: by(withPasskey, 'POST', '/api/auth/passkeys/proof/start'),
  },
  'auth.passkeys.proof.finish': {
    rows: ['platform me session.proven session'],
    async run(world) {
      const me = await withPasskey(world)
      const { options } = (await me.do('POST', '/api/auth/passkeys/proof/start')).body
      await world.ready()
      await me.do('POST', '/api/auth/passkeys/proof/finish', { response: me.authenticator.get(options) })
      return me
    },
  },
})
