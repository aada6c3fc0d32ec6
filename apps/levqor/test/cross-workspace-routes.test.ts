import { eachStore } from '@levqor/testing'
import { expect, it } from 'vitest'
import { levqorRoutes } from '../src/start/routes.ts'
import { openTwoTenants, type Tenant, uuidOf } from './open-two-tenants.ts'

/** Identifiers of a tenant by the parameter that takes them. A new parameter must be named here, or the test fails. */
const foreignParameters: Readonly<
  Record<string, (contractId: string, tenant: Tenant) => string | undefined>
> = {
  id: (contractId, tenant) => {
    if (contractId.startsWith('api-keys.')) return tenant.keyId
    if (contractId === 'jobs.retry') return tenant.deadJobId
    if (contractId.startsWith('jobs.')) return tenant.jobId
    // Operators read all mail of their installation: nothing of a tenant is reached by this identifier.
    if (contractId === 'ops.outbox.get') return `mail_${'0'.repeat(32)}`
    return undefined
  },
  job_id: (_, tenant) => tenant.jobId,
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
  'api-keys.create': () => ({ name: 'mine' }),
  'api-keys.change': () => ({ name: 'mine' }),
  'api-keys.rotate': () => ({ overlap_minutes: 0 }),
  'api-keys.report': () => ({ key: 'nothing that was ever a key' }),
  'admin.lockouts.unlock': () => ({ account: 'nobody@example.com' }),
  'ops.dlq.retry': (tenant) => ({ job_ids: [tenant.deadJobId, tenant.jobId] }),
}

/** Routes that nobody's identifiers reach: signing in and out, and the session's own owner. */
const withoutTenant = new Set(['auth.magic-link', 'auth.magic-link.verify', 'auth.logout', 'auth.me'])

eachStore((store) => {
  it('every route of the route table, tried with the identifiers of another workspace, shows and changes nothing of it', async () => {
    await using tenants = await openTwoTenants(await store.fresh())
    const { a, b, server } = tenants
    const secrets = [
      b.jobId,
      b.deadJobId,
      b.keyId,
      b.workspaceId,
      uuidOf(b.jobId),
      b.workflowId,
      b.workflowId.replaceAll('-', ''),
    ]
    const before = await snapshot(b)
    let tried = 0
    for (const { contract } of levqorRoutes) {
      if (withoutTenant.has(contract.id)) continue
      let owned = false
      const path = contract.path.replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = foreignParameters[name]?.(contract.id, b)
        if (value === undefined)
          throw new Error(`The route ${contract.id} has a parameter {${name}} that this test does not know.`)
        owned ||= name !== 'name'
        return value
      })
      const body = contract.body ? bodies[contract.id] : undefined
      if (contract.body && !body)
        throw new Error(`The route ${contract.id} takes a body that this test does not know.`)
      const answer = await server.app.inject({
        method: contract.method,
        url: path,
        headers: { authorization: `Bearer ${a.key}` },
        ...(body ? { payload: body(b) } : {}),
      })
      const told = `${contract.id} answered ${answer.statusCode} ${answer.body.slice(0, 300)}`
      if (owned) expect(answer.statusCode, told).toBe(404)
      else expect(answer.statusCode, told).toBeLessThan(400)
      // The identifiers in the request itself may come back in the address of a problem document.
      const shown = owned ? answer.json().detail : answer.body
      for (const secret of secrets) expect(shown, told).not.toContain(secret)
      tried++
    }
    expect(tried).toBe(levqorRoutes.length - withoutTenant.size)
    expect(await snapshot(b)).toEqual(before)

    async function snapshot(tenant: Tenant): Promise<unknown> {
      const headers = { authorization: `Bearer ${tenant.key}` }
      const paths = [
        `/api/v1/jobs/${tenant.jobId}`,
        `/api/v1/jobs/${tenant.deadJobId}`,
        '/api/v1/jobs',
        '/ops/dlq',
        '/api/v1/workflows',
      ]
      const answers = await Promise.all(
        paths.map((url) => server.app.inject({ method: 'GET', url, headers })),
      )
      const keys = await server.app.inject({ method: 'GET', url: '/api/v1/api-keys', headers })
      for (const answer of [...answers, keys]) expect(answer.statusCode).toBe(200)
      return [
        ...answers.map((answer) => answer.json()),
        keys.json().items.map((key: { revoked_at: unknown }) => key.revoked_at),
      ]
    }
  })

  it('the same routes with the owner’s own key find what is theirs', async () => {
    await using tenants = await openTwoTenants(await store.fresh())
    const { b, server } = tenants
    for (const { contract } of levqorRoutes) {
      if (contract.method !== 'GET' || !/\{(id|job_id)\}/.test(contract.path)) continue
      if (contract.id === 'ops.outbox.get' || contract.produces) continue
      const path = contract.path.replace(
        /\{(\w+)\}/g,
        (_, name: string) => foreignParameters[name]?.(contract.id, b) ?? '',
      )
      const answer = await server.app.inject({
        method: 'GET',
        url: path,
        headers: { authorization: `Bearer ${b.key}` },
      })
      expect(answer.statusCode, contract.id).toBe(200)
    }
  })
})
