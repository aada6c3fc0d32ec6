import { describe, expect, it } from 'vitest'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import { createMemoryLimitStore } from '../limits/memory-limit-store.ts'
import { levqorDoors, levqorLimits } from '../presets/index.ts'
import { createGuard } from './create-guard.ts'

function setup(limits: 'enforce' | 'observe' = 'enforce') {
  const events: SecurityEventInput[] = []
  const store = createMemoryLimitStore({ clock: { now: () => 0 } })
  const guard = createGuard({
    policy: {
      doors: levqorDoors,
      unmatched: 'unmatched',
      credentialGuesses: levqorLimits.credentialGuesses,
      clientAddress: { trustedProxies: [] },
      browser: { origins: ['https://levqor.example'] },
      transport: { plainHttp: 'require-https', publicOrigin: 'https://levqor.example' },
      routes: {
        'POST /api/v1/jobs': 'run',
        'GET /': 'page',
        'GET /api/admin': 'admin.read',
        'GET /health/live': 'health',
      },
    },
    store,
    events: { ...noSecurityEvents, emit: (event) => events.push(event) },
    switches: { mode: (protection) => (protection === 'limits' ? limits : 'enforce') },
  })
  return { guard, events, store }
}

describe('what a request would meet', () => {
  it('is told whole, as plain data', () => {
    const { guard } = setup()
    const told = guard.explain('POST', '/api/v1/jobs?x=1')
    expect(JSON.parse(JSON.stringify(told))).toEqual(told)
    expect(told).toMatchObject({
      route: 'POST /api/v1/jobs',
      door: 'run',
      serves: 'api',
      authentication: 'session-or-key',
      credentials: ['session', 'token', 'key'],
      crossSite: 'refuse',
      transport: 'require-https',
      onStoreFailure: 'local',
      lowered: {},
      answers: {
        stranger: { status: 401, code: 'credential_missing' },
        plainHttp: { status: 403, code: 'https_required' },
        crossSite: { status: 403, code: 'origin_denied' },
      },
    })
    expect(told.limits.strangers).toEqual([
      { name: 'strangers', by: ['address'], quota: 1000, windowMs: 3_600_000, burst: 1000, cost: 1 },
    ])
    expect(Object.keys(told.limits.actors)).toEqual(['default', 'free-session', 'pro', 'pro-session'])
    expect(told.limits.actors.pro?.[0]).toMatchObject({ name: 'per-key', quota: 600, burst: 200 })
  })

  it('pages move to HTTPS, probes answer anything, what matches nothing meets the unmatched door', () => {
    const { guard } = setup()
    expect(guard.explain('GET', '/').answers.plainHttp).toEqual({
      status: 308,
      code: 'https_redirect',
      location: 'https://levqor.example/',
    })
    const health = guard.explain('GET', '/health/live')
    expect(health).toMatchObject({
      transport: 'any',
      limits: { unlimited: expect.any(String), strangers: [] },
    })
    expect(health.answers.plainHttp.status).toBe(200)
    const nowhere = guard.explain('GET', '/nowhere')
    expect([nowhere.door, nowhere.route]).toEqual(['unmatched', undefined])
    expect(nowhere.answers.stranger).toEqual({ status: 404, code: 'not_found' })
  })

  it('can be asked about one exchange', () => {
    const { guard } = setup()
    const { answers } = guard.explain('POST', '/nowhere', { headers: { origin: 'https://evil.example' } })
    expect(answers.given).toEqual({ status: 403, code: 'origin_denied' })
  })

  it('charges nobody and reports nothing; lowered protections show', () => {
    const { guard, events, store } = setup('observe')
    events.length = 0
    for (let i = 0; i < 50; i++) guard.explain('POST', '/api/v1/jobs')
    expect([events, store.size]).toEqual([[], 0])
    expect(guard.explain('GET', '/').lowered).toEqual({ limits: 'observe' })
  })
})
