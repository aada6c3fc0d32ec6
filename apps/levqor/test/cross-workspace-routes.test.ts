import { toPublicId } from '@levqor/client'
import { type Route, type WorkspaceRole, workspaceRoles } from '@levqor/server'
import { eachStore } from '@levqor/testing'
import { expect, it } from 'vitest'
import { levqorRoutes } from '../src/start/routes.ts'
import { openTwoTenants, type Tenant, type TwoTenants, uuidOf } from './open-two-tenants.ts'

type AnyRoute = Pick<Route, 'contract' | 'verb'>

/** Identifiers of a tenant by the parameter that takes them. A new parameter must be named here, or the test fails. */
const parameters: Readonly<Record<string, (contractId: string, tenant: Tenant) => string | undefined>> = {
  id: (contractId, tenant) => {
    if (contractId.startsWith('workspaces.')) return toPublicId('ws', tenant.workspaceId)
    if (contractId.startsWith('api-keys.')) return tenant.keyId
    // Its owner has none; somebody else's is tried in providers.attack.test.ts.
    if (contractId === 'auth.identities.unlink') return `idn_${'0'.repeat(32)}`
    if (contractId.startsWith('auth.sessions.')) return tenant.members.viewer.sessionId
    if (contractId.startsWith('auth.passkeys.')) return tenant.passkeyId
    if (contractId === 'jobs.retry') return tenant.deadJobId
    if (contractId.startsWith('jobs.')) return tenant.jobId
    // Operators read all mail of their installation: nothing of a tenant is reached by this identifier.
    if (contractId === 'ops.outbox.get') return `mail_${'0'.repeat(32)}`
    // The same with accounts, which belong to no workspace.
    if (contractId.startsWith('users.')) return `usr_${'0'.repeat(32)}`
    return undefined
  },
  job_id: (_, tenant) => tenant.jobId,
  user_id: (_, tenant) => toPublicId('usr', tenant.members.viewer.userId),
  invitation_id: (_, tenant) => tenant.invitationId,
  // Names are not secret and not unique across workspaces; what they lead to is compared below.
  name: () => 'page-digest',
}

const bodies: Readonly<Record<string, (tenant: Tenant) => object>> = {
  'jobs.submit': () => ({ workflow: 'page-digest', payload: { url: 'http://127.0.0.1:9/' } }),
  'workflows.save': () => ({
    name: 'mine',
    steps: [{ id: 'a', use: 'text.template', with: { text: 'x' } }],
  }),
  'workflows.validate': () => ({}),
  'auth.passkeys.rename': () => ({ name: 'taken over' }),
  'auth.sessions.name': () => ({ name: 'taken over' }),
  'api-keys.create': () => ({ name: 'mine' }),
  'api-keys.change': () => ({ name: 'mine' }),
  'api-keys.rotate': () => ({ overlap_minutes: 0 }),
  'users.upsert': () => ({ email: 'new@example.com' }),
  'users.change': () => ({ status: 'disabled' }),
  'admin.lockouts.unlock': () => ({ account: 'nobody@example.com' }),
  'ops.dlq.retry': (tenant) => ({ job_ids: [tenant.deadJobId, tenant.jobId] }),
  'workspaces.create': () => ({ name: 'mine' }),
  'workspaces.rename': () => ({ name: 'taken over' }),
  'workspaces.transfer': (tenant) => ({ user_id: toPublicId('usr', tenant.members.viewer.userId) }),
  'workspaces.members.change-role': () => ({ role: 'viewer' }),
  'workspaces.invitations.create': () => ({ email: 'new@example.com', role: 'viewer' }),
  'workspaces.invitations.accept': (tenant) => ({ token: tenant.invited.token }),
}

/** Bodies that name things of a workspace which is not there for others. */
const owningBodies = new Set(['workspaces.transfer'])

/** Routes that say more than "not there", because a secret is shown that leads to the other workspace. */
const refusals: Readonly<Record<string, readonly [status: number, code: string]>> = {
  'workspaces.invitations.accept': [403, 'invitation_other_mailbox'],
}

/** Operators see every account of their installation; the key here is an operator's. */
const ofTheInstallation = new Set(['users.list'])

/**
 * Routes that nobody's identifiers reach: signing in and out, one's own password, answers of one's own authenticator, who
 * holds a mail's or a key's text.
 */
const withoutTenant = new Set([
  'auth.register',
  'auth.verify-email',
  'auth.login',
  'auth.forgot-password',
  'auth.reset-password',
  'auth.password.change',
  'auth.magic-link',
  'auth.magic-link.verify',
  'auth.passkeys.sign-in.start',
  'auth.passkeys.sign-in.finish',
  'auth.passkeys.second-factor.start',
  'auth.passkeys.second-factor.finish',
  'auth.passkeys.proof.finish',
  'auth.passkeys.register.finish',
  'auth.methods',
  'auth.oauth.start',
  'auth.oauth.callback',
  'auth.logout',
  'auth.refresh',
  'auth.me',
  'auth.session.watch',
  'auth.totp.start',
  'auth.totp.confirm',
  'auth.totp.end',
  'auth.totp.recovery-codes',
  'auth.second-factor.get',
  'auth.second-factor.asked',
  'auth.second-factor.verify',
  'auth.proof.get',
  'auth.proof.give',
  'auth.proof.mail',
  'auth.me.change',
  'auth.email.request',
  'auth.email.get',
  'auth.email.withdraw',
  'auth.email.look',
  'auth.email.confirm',
  'auth.email.stop',
  'auth.account.delete',
  'auth.account.keep',
  // Operators reach everybody; impersonation.test.ts tries everybody else.
  'admin.impersonate.start',
  'admin.impersonate.stop',
  'workspaces.invitations.look',
  'api-keys.report',
])

interface Caller {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  /** Absent: a key with every scope, made by an operator. */
  readonly role?: WorkspaceRole
}

function callersOf(tenant: Tenant): readonly Caller[] {
  return [
    { name: 'key', headers: { authorization: `Bearer ${tenant.key}` } },
    ...workspaceRoles.map((role) => ({ name: role, headers: tenant.members[role].headers, role })),
  ]
}

/** As the verb declares it: nothing of this is repeated here, so a verb that forgets its role shows. */
function mayUse({ verb: { access } }: AnyRoute, { role }: Caller): boolean {
  if (role === undefined) return access.actors.includes('apiKey') || access.actors.includes('operator')
  const least = access.role ?? 'owner'
  return access.actors.includes('user') && workspaceRoles.indexOf(role) >= workspaceRoles.indexOf(least)
}

interface Attempt {
  readonly url: string
  readonly body: object | undefined
  /** Whether it names something of the other workspace that is not there for the caller. */
  readonly owned: boolean
}

/** Every way to put identifiers of `foreign` into the route: each parameter alone, every mix, and the body. */
function attemptsOn({ contract }: AnyRoute, own: Tenant, foreign: Tenant): readonly Attempt[] {
  const names = [...contract.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const owners = names.filter((name) => name !== 'name')
  const bodyOf = contract.body ? bodies[contract.id] : undefined
  if (contract.body && !bodyOf)
    throw new Error(`The route ${contract.id} takes a body that this test does not know.`)
  const mixes = Array.from({ length: 2 ** owners.length }, (_, bits) =>
    owners.filter((_, position) => bits & (1 << position)),
  )
  const bodyOwns = owningBodies.has(contract.id)
  return (
    mixes
      // With the caller's own identifiers only, it would be an ordinary request.
      .filter((mix) => mix.length > 0 || owners.length === 0 || bodyOwns)
      .map((mix) => ({
        url: contract.path.replace(/\{(\w+)\}/g, (_, name: string) => {
          const tenant = mix.includes(name) ? foreign : own
          const value = parameters[name]?.(contract.id, tenant)
          if (value === undefined)
            throw new Error(
              `The route ${contract.id} has a parameter {${name}} that this test does not know.`,
            )
          return value
        }),
        body: bodyOf?.(foreign),
        owned: mix.length > 0 || bodyOwns,
      }))
  )
}

/** All that can be seen of a tenant from inside. */
async function snapshot(server: TwoTenants['server'], tenant: Tenant): Promise<unknown> {
  const ask = async (url: string, headers: Readonly<Record<string, string>>) => {
    const answer = await server.app.inject({ method: 'GET', url, headers })
    expect(answer.statusCode, url).toBe(200)
    return answer.json()
  }
  const key = { authorization: `Bearer ${tenant.key}` }
  const { headers } = tenant.members.owner
  const workspace = `/api/v1/workspaces/${toPublicId('ws', tenant.workspaceId)}`
  const [keys, sessions, passkeys, ...others] = await Promise.all([
    ask('/api/v1/api-keys', key),
    ask('/api/auth/sessions', tenant.members.viewer.headers),
    ask('/api/auth/passkeys', tenant.members.viewer.headers),
    ask(`/api/v1/jobs/${tenant.jobId}`, key),
    ask(`/api/v1/jobs/${tenant.deadJobId}`, key),
    ask('/api/v1/jobs', key),
    ask('/ops/dlq', key),
    ask('/api/v1/workflows', key),
    ask(workspace, headers),
    ask(`${workspace}/members`, headers),
    ask(`${workspace}/invitations`, headers),
  ])
  return [
    ...others,
    keys.items.map((each: { revoked_at: unknown }) => each.revoked_at),
    sessions.items.map((each: { id: string; name: unknown }) => [each.id, each.name]),
    passkeys.items,
  ]
}

eachStore((store) => {
  it('every route of the route table, tried by every role and a key with the identifiers of another workspace, shows and changes nothing of it', async () => {
    await using tenants = await openTwoTenants(await store.fresh())
    const { a, b, server } = tenants
    const members = Object.values(b.members)
    const identifiers = [
      ...[b.jobId, b.deadJobId, b.invitationId].flatMap((id) => [id, uuidOf(id)]),
      b.keyId,
      ...[b.passkeyId, uuidOf(b.passkeyId)],
      ...[b.workspaceId, b.workflowId, ...members.map(({ userId }) => userId)].flatMap((id) => [
        id,
        id.replaceAll('-', ''),
      ]),
    ]
    // Operators find these in the outbox and the security events of their installation.
    const operators = [b.invited.email, uuidOf(b.keyId), ...members.map(({ email }) => email)]
    const before = await snapshot(server, b)
    for (const caller of callersOf(a)) {
      let tried = 0
      for (const route of levqorRoutes) {
        const { contract } = route
        if (withoutTenant.has(contract.id)) continue
        for (const { url, body, owned } of attemptsOn(route, a, b)) {
          const answer = await server.app.inject({
            method: contract.method,
            url,
            headers: caller.headers,
            ...(body ? { payload: body } : {}),
          })
          const told = `${caller.name}: ${contract.method} ${url} answered ${answer.statusCode} ${answer.body.slice(0, 300)}`
          if (!mayUse(route, caller)) expect([401, 403], told).toContain(answer.statusCode)
          else if (refusals[contract.id])
            expect([answer.statusCode, answer.json().code], told).toEqual(refusals[contract.id])
          else if (owned) expect(answer.statusCode, told).toBe(404)
          else expect(answer.statusCode, told).toBeLessThan(400)
          // The identifiers in the request itself may come back in the address of a problem document.
          const shown = answer.statusCode >= 400 ? answer.json().detail : answer.body
          if (caller.role === undefined && ofTheInstallation.has(contract.id)) continue
          const secrets = caller.role === undefined ? identifiers : [...identifiers, ...operators]
          for (const secret of secrets) expect(shown, told).not.toContain(secret)
        }
        tried++
      }
      expect(tried).toBe(levqorRoutes.length - withoutTenant.size)
    }
    expect(await snapshot(server, b)).toEqual(before)
  }, 120_000)

  it('the same routes find for the workspace’s own owner or key what is theirs', async () => {
    await using tenants = await openTwoTenants(await store.fresh())
    const { b, server } = tenants
    for (const { contract, verb } of levqorRoutes) {
      if (contract.method !== 'GET' || !/\{(id|job_id)\}/.test(contract.path)) continue
      if (contract.id === 'ops.outbox.get' || contract.id === 'users.get' || contract.produces) continue
      const path = contract.path.replace(
        /\{(\w+)\}/g,
        (_, name: string) => parameters[name]?.(contract.id, b) ?? '',
      )
      const byKey = verb.access.actors.includes('apiKey')
      const headers = byKey ? { authorization: `Bearer ${b.key}` } : b.members.owner.headers
      const answer = await server.app.inject({ method: 'GET', url: path, headers })
      expect(answer.statusCode, contract.id).toBe(200)
    }
  })

  it('a route is refused to every role below the one it declares, also with the workspace’s own identifiers', async () => {
    await using tenants = await openTwoTenants(await store.fresh())
    const { a, server } = tenants
    const before = await snapshot(server, a)
    let refused = 0
    for (const caller of callersOf(a)) {
      for (const route of levqorRoutes) {
        if (withoutTenant.has(route.contract.id) || mayUse(route, caller)) continue
        // Everything foreign to nobody: the attempts that the first test leaves out.
        for (const { url, body } of attemptsOn(route, a, a)) {
          const answer = await server.app.inject({
            method: route.contract.method,
            url,
            headers: caller.headers,
            ...(body ? { payload: body } : {}),
          })
          expect([401, 403], `${caller.name}: ${route.contract.id}`).toContain(answer.statusCode)
          refused++
        }
      }
    }
    expect(refused).toBeGreaterThan(50)
    expect(await snapshot(server, a)).toEqual(before)
  }, 120_000)
})
