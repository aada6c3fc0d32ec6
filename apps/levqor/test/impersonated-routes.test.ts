// Every route of the route table, tried by an operator who acts for the owner of a workspace. The doors, the session and the
// check are the real ones; only the use cases are replaced by one that says it was reached. What passes is listed here, so
// that a new route is admitted by somebody who has thought about it.
import { toPublicId } from '@levqor/client'
import { asSystem } from '@levqor/database/system'
import { createGuard, createMemoryLimitStore } from '@levqor/guard'
import { createHttpServer, createLogger, type Route } from '@levqor/server'
import { eachStore } from '@levqor/testing'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { LevqorServices } from '../src/services.ts'
import { levqorPolicy } from '../src/start/policy.ts'
import { levqorRoutes } from '../src/start/routes.ts'
import { openTwoTenants } from './open-two-tenants.ts'

/** They change something, and an operator who helps somebody may: the ordinary work, and leaving. */
const changing = [
  'admin.impersonate.stop',
  'auth.logout',
  'jobs.cancel',
  'jobs.retry',
  'jobs.submit',
  'ops.dlq.retry',
  'workflows.save',
  'workspaces.switch',
]

/** They only look; among them nothing that shows a secret. */
const looking = [
  'api-keys.list',
  'auth.email.get',
  'auth.identities.list',
  'auth.me',
  'auth.passkeys.list',
  'auth.second-factor.get',
  'auth.session.watch',
  'auth.sessions.list',
  'jobs.events',
  'jobs.get',
  'jobs.list',
  'jobs.logs',
  'jobs.status',
  'jobs.steps',
  'ops.dlq',
  'workflows.get',
  'workflows.list',
  'workflows.validate',
  'workflows.versions',
  'workspaces.get',
  'workspaces.invitations.list',
  'workspaces.list',
  'workspaces.members.list',
]

function withoutUseCase({ contract, door, verb }: Route<LevqorServices>): Route<LevqorServices> {
  const { id, method, path, summary } = contract
  const { name, reach, access, kind } = verb
  return {
    contract: { id, method, path, summary, status: 200, answer: z.literal('reached') },
    door,
    verb: {
      name,
      reach,
      access,
      kind,
      input: z.object({}),
      // A write verb must account for itself.
      run: async (ctx) => {
        if ('changedNothing' in ctx) Reflect.apply(ctx.changedNothing as () => void, ctx, [])
        return 'reached'
      },
    },
    input: () => ({}),
  }
}

eachStore((databases) => {
  it('an operator who acts for somebody reaches exactly these routes; of the rest the refusal says why', async () => {
    await using tenants = await openTwoTenants(await databases.fresh())
    const { platform, server: real, b } = tenants
    const { config, identity, database, events, services } = platform
    const { clock, ids } = database
    // Nobody has seen this session yet, so no cache remembers who it was.
    const operator = tenants.a.members.admin
    await asSystem(database).transaction((tx) =>
      tx.run('UPDATE users SET operator = 1 WHERE id = $1', [operator.userId]),
    )
    const started = await real.app.inject({
      method: 'POST',
      url: '/api/admin/impersonate',
      headers: operator.headers,
      payload: { user_id: toPublicId('usr', b.members.owner.userId), reason: 'To see what passes.' },
    })
    expect(started.statusCode, started.body).toBe(200)
    const cookie = [started.headers['set-cookie'] ?? []].flat()[0]?.split(';')[0] ?? ''
    const server = await createHttpServer({
      guard: createGuard({
        policy: levqorPolicy(config),
        store: createMemoryLimitStore({ clock }),
        events,
        clock,
      }),
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
      const reached: string[] = []
      const refused = new Map<string, string>()
      for (const { contract, verb } of levqorRoutes) {
        // Where nobody is asked who they are, nobody acts for anybody.
        if (verb.access.actors.includes('anonymous') && contract.id !== 'admin.impersonate.stop') continue
        const answer = await server.app.inject({
          method: contract.method,
          url: contract.path.replace(/\{\w+\}/g, 'x'),
          headers: { cookie, origin: config.url },
        })
        if (answer.statusCode === 200) reached.push(contract.id)
        else refused.set(contract.id, answer.json().code)
      }
      expect(reached.sort()).toEqual([...changing, ...looking].sort())
      expect([...new Set(refused.values())].sort()).toEqual(['not_while_impersonating', 'operator_required'])
      expect(refused.get('webhooks.secret')).toBe('not_while_impersonating')
    } finally {
      await server.stop(1_000)
    }
  }, 60_000)
})
