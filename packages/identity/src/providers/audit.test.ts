// What every write of this room leaves in the audit log.
import { startOidcProvider, type TestStore } from '@levqor/testing'
import { expect } from 'vitest'
import { auditWorld, personal, type Someone } from '../test-audit-world.ts'
import { testAuditedRoutes } from '../test-audited-writes.ts'
import { providerRoutes } from './routes.ts'
import { googleAt } from './test-providers.ts'

async function worldWithProvider(store: TestStore) {
  const provider = await startOidcProvider({
    redirectUris: ['http://levqor.test/api/auth/oauth/google/callback'],
  })
  const world = await auditWorld(store, { providers: [googleAt(provider)] })
  let count = 0

  /** To the provider and almost back: the last step is what is given. */
  async function walk(me: Pick<Someone, 'jar' | 'do'>) {
    const { authorization_url } = (await me.do('POST', '/api/auth/oauth/google/start', { link: true })).body
    const back = await provider.authorize(authorization_url, {
      sub: `sub-${count++}`,
      email: `${personal.toLowerCase()}@gmail.example`,
      email_verified: true,
      name: personal,
    })
    return () =>
      world.call('GET', `/api/auth/oauth/google/callback${back.search}`, {
        jar: me.jar,
        headers: {
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
        },
      })
  }
  return {
    ...world,
    walk,
    async stop() {
      await world.stop()
      await provider.close()
    },
  }
}

testAuditedRoutes(providerRoutes, worldWithProvider, {
  'auth.oauth.start': {
    rows: ['platform anonymous provider_sign_in.started one_time_token'],
    async run({ someone, ready }) {
      const me = await someone()
      await ready()
      await me.do('POST', '/api/auth/oauth/google/start', { link: true })
      return me
    },
  },
  'auth.oauth.callback': {
    rows: [
      'platform anonymous identity.linked external_identity',
      'platform system:sign-in provider_sign_in.answered one_time_token',
    ],
    async run({ someone, walk, ready }) {
      const me = await someone()
      const back = await walk(me)
      await ready()
      expect((await back()).headers.get('location')).not.toContain('problem')
      return me
    },
  },
  'auth.identities.unlink': {
    rows: ['platform me identity.unlinked external_identity'],
    async run({ someone, walk, ready }) {
      const me = await someone()
      await (await walk(me))()
      const [identity] = (await me.do('GET', '/api/auth/identities')).body.items
      await ready()
      await me.do('DELETE', `/api/auth/identities/${identity.id}`)
      return me
    },
  },
})
