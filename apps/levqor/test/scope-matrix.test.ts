// Every route of the route table × every scope there is: only keys with the scope that the verb declares get past
// access. The doors, the keys and the check are the real ones; only the use cases are replaced by one that says it was
// reached, so that no route needs an example here and a new one cannot be forgotten.
import { apiKeyScopes, operatorScopes } from '@levqor/client'
import { createGuard, createMemoryLimitStore } from '@levqor/guard'
import { createHttpServer, createLogger, type Route } from '@levqor/server'
import { eachStore } from '@levqor/testing'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { LevqorServices } from '../src/services.ts'
import { levqorPolicy } from '../src/start/policy.ts'
import { levqorRoutes } from '../src/start/routes.ts'
import { openTwoTenants } from './open-two-tenants.ts'

type LevqorRoute = Route<LevqorServices>

function withoutUseCase({ contract, door, verb }: LevqorRoute): LevqorRoute {
  const { id, method, path, summary } = contract
  const { name, reach, access } = verb
  return {
    contract: { id, method, path, summary, status: 200, answer: z.literal('reached') },
    door,
    verb: { name, reach, access, kind: 'read', input: z.object({}), run: async () => 'reached' },
    input: () => ({}),
  }
}

/** Whether the key gets past access, by the declaration alone; a platform's verb for strangers asks for no key. */
function mayPass({ verb }: LevqorRoute, scopes: readonly string[]): boolean {
  const { actors, scope } = verb.access
  if (actors.includes('anonymous')) return true
  if (scope === undefined || !scopes.includes(scope)) return false
  if (actors.includes('apiKey')) return true
  return actors.includes('operator') && operatorScopes.some((one) => scopes.includes(one))
}

eachStore((databases) => {
  it('a key passes exactly the doors whose scope it has', async () => {
    await using tenants = await openTwoTenants(await databases.fresh())
    const { platform, server: real } = tenants
    const { config, identity, database, events, services } = platform
    const { clock, ids } = database
    const store = createMemoryLimitStore({ clock })
    const guard = createGuard({ policy: levqorPolicy(config), store, events, clock })
    const server = await createHttpServer({
      guard,
      identify: identity.identify,
      runtime: { database, clock, ids, services },
      routes: levqorRoutes.map(withoutUseCase),
      log: createLogger({ level: 'silent' }),
      checks: [],
      doors: { health: 'health', docs: 'public.page' },
      api: { title: 'Levqor', version: '0', url: 'http://levqor.test' },
      checkAnswers: true,
    })
    await server.app.ready()
    try {
      const keyWith = async (scopes: readonly string[]) => {
        const made = await real.app.inject({
          method: 'POST',
          url: '/api/v1/api-keys',
          headers: { authorization: `Bearer ${tenants.a.key}` },
          payload: { name: scopes.join(' ').slice(0, 100), scopes },
        })
        expect(made.statusCode, made.body).toBe(201)
        return { scopes, secret: String(made.json().secret) }
      }
      const keys = []
      for (const scope of apiKeyScopes) {
        keys.push(await keyWith([scope]))
        keys.push(await keyWith(apiKeyScopes.filter((other) => other !== scope)))
      }
      keys.push(await keyWith(apiKeyScopes))

      const wrong: string[] = []
      let passed = 0
      for (const route of levqorRoutes) {
        const { contract, verb } = route
        const { scope } = verb.access
        if (scope !== undefined && !apiKeyScopes.some((known) => known === scope)) {
          wrong.push(`${contract.id} asks for the scope ${scope}, which no key can have`)
        }
        for (const { scopes, secret } of keys) {
          const answer = await server.app.inject({
            method: contract.method,
            url: contract.path.replace(/\{\w+\}/g, 'x'),
            headers: { authorization: `Bearer ${secret}` },
          })
          const reached = answer.statusCode === 200 && answer.json() === 'reached'
          if (reached !== mayPass(route, scopes)) {
            wrong.push(`${contract.id} answered ${answer.statusCode} to a key with ${scopes.join(' ')}`)
          }
          if (!reached && answer.statusCode !== 403) {
            wrong.push(`${contract.id} refused with ${answer.statusCode} ${answer.body}`)
          }
          if (reached) passed++
        }
      }
      expect(wrong).toEqual([])
      expect(passed).toBeGreaterThan(levqorRoutes.length)
    } finally {
      await server.stop(1_000)
    }
  }, 60_000)
})
