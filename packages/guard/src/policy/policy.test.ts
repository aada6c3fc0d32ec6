import { describe, expect, it } from 'vitest'
import type { HeaderPolicy } from '../headers/header-policy.ts'
import type { PenaltyPolicy } from '../penalty/penalty-policy.ts'
import { levqorDoors, levqorLimits } from '../presets/index.ts'
import { checkPolicy, definePolicy } from './define-policy.ts'
import { multiplyLimits } from './multiply-limits.ts'
import type { DoorRule, Policy } from './policy.ts'

const good: Policy = {
  doors: levqorDoors,
  unmatched: 'unmatched',
  credentialGuesses: levqorLimits.credentialGuesses,
  clientAddress: { trustedProxies: ['loopback'] },
  browser: { origins: ['https://levqor.example'] },
  transport: { plainHttp: 'require-https', publicOrigin: 'https://levqor.example' },
}
const limit = { name: 'l', by: 'address', quota: 10, windowMs: 1000 } as const
const door: DoorRule = { authentication: 'none', strangers: [limit], onStoreFailure: 'local' }
const codes = (policy: Policy) => checkPolicy(policy).map((problem) => problem.code)
const withDoor = (it: Partial<DoorRule>): Policy => ({
  ...good,
  doors: { unmatched: door, bad: { ...door, ...it } },
})
const withHeaders = (headers: HeaderPolicy): Policy => ({ ...good, headers })
const level = { strikes: 5, windowMs: 1000, lastsMs: 1000, cost: 2 }
const withPenalties = (penalties: PenaltyPolicy): Policy => ({ ...good, penalties })
const withLimit = (facts: object) => withDoor({ strangers: [{ ...limit, name: 'm', ...facts }] })

describe('a policy is checked as a whole', () => {
  it('the preset is good, and comes back unchanged', () => {
    expect(definePolicy(good)).toBe(good)
  })

  it.each<[string, Policy]>([
    ['limit_name', withLimit({ name: 'Not a name' })],
    ['limit_window', withLimit({ windowMs: -1 })],
    ['limit_window', withLimit({ windowMs: Number.POSITIVE_INFINITY })],
    ['limit_quota', withLimit({ quota: 0 })],
    ['limit_quota', withLimit({ quota: { default: 5, pro: 1.5 } })],
    ['limit_rate', withLimit({ quota: 2_000_000, windowMs: 1000 })],
    ['limit_cost', withLimit({ cost: 0 })],
    ['limit_burst', withLimit({ burst: -3 })],
    ['limit_name', withLimit({ name: 'penalty-level-1' })],
    ['limit_burst_form', withLimit({ algorithm: 'sliding-window', burst: 3 })],
    ['limit_unreachable', withLimit({ burst: 2, cost: 3 })],
    ['limit_algorithm', withLimit({ algorithm: 'leaky' })],
    ['limit_key', withLimit({ by: [] })],
    ['limit_key', withLimit({ by: 'colour' })],
    ['limit_key_unknown_yet', withLimit({ by: 'account' })],
    ['limit_twice', withDoor({ strangers: [limit, limit] })],
    ['limit_name_conflict', withDoor({ strangers: [{ ...limit, quota: 11 }] })],
    ['door_actors_unknown', withDoor({ actors: [{ ...limit, name: 'a' }] })],
    ['door_without_limits', withDoor({ strangers: [] })],
    ['door_without_limits', withDoor({ authentication: 'session' })],
    ['door_contradiction', withDoor({ unlimited: 'because' })],
    [
      'door_cross_site',
      withDoor({ authentication: 'session', actors: [{ ...limit, name: 'a' }], crossSite: 'accept' }),
    ],
    ['door_cross_site', withDoor({ authentication: 'webhook', crossSite: 'refuse' })],
    ['door_actors_unknown', withDoor({ authentication: 'webhook', actors: [{ ...limit, name: 'a' }] })],
    ['door_scopes', withDoor({ scopes: ['a:read'] })],
    [
      'door_transport',
      withDoor({ authentication: 'session', actors: [{ ...limit, name: 'a' }], transport: 'any' }),
    ],
    ['door_authentication', withDoor({ authentication: 'sesion' as never })],
    ['door_authentication', withDoor({ authentication: 'constructor' as never })],
    ['door_value', withDoor({ onStoreFailure: 'open' as never })],
    ['door_value', withDoor({ serves: 'files' as never })],
    ['door_value', withDoor({ crossSite: 'yes' as never })],
    ['door_value', withDoor({ transport: 'plain' as never })],
    ['unmatched_door', { ...good, unmatched: 'nowhere' }],
    ['unmatched_door', { ...good, unmatched: 'read' }],
    ['origin_form', { ...good, browser: { origins: ['https://levqor.example/'] } }],
    ['public_origin', { ...good, transport: { plainHttp: 'require-https' } }],
    [
      'public_origin',
      { ...good, transport: { plainHttp: 'require-https', publicOrigin: 'http://levqor.example' } },
    ],
    ['transport_value', { ...good, transport: { plainHttp: 'maybe' as never } }],
    ['origin_form', { ...good, browser: { origins: ['null'] } }],
    ['origin_form', { ...good, browser: { origins: ['ftp://levqor.example'] } }],
    ['origin_plain_http', { ...good, browser: { origins: ['http://levqor.example'] } }],
    ['origin_plain_http', { ...good, cors: { origins: ['http://partner.example'] } }],
    ['cors_origin', { ...good, cors: { origins: ['*'] } }],
    ['cors_origin', { ...good, cors: { origins: ['null'] } }],
    ['cors_origin', { ...good, cors: { origins: ['https://*.partner.example'] } }],
    ['cors_origin', { ...good, cors: { origins: ['https://partner.example/'] } }],
    ['cors_list', { ...good, cors: { origins: [], methods: ['*'] } }],
    ['cors_list', { ...good, cors: { origins: [], methods: ['put'] } }],
    ['cors_list', { ...good, cors: { origins: [], headers: ['X-Upper'] } }],
    ['cors_list', { ...good, cors: { origins: [], exposedHeaders: ['a, b'] } }],
    ['cors_max_age', { ...good, cors: { origins: [], maxAgeSeconds: -1 } }],
    ['cors_max_age', { ...good, cors: { origins: [], maxAgeSeconds: 86_401 } }],
    ['hsts_max_age', withHeaders({ hstsMaxAgeSeconds: -1 })],
    ['hsts_max_age', withHeaders({ hstsMaxAgeSeconds: Number.NaN })],
    ['transport_hsts', { ...withHeaders({ hstsMaxAgeSeconds: 300 }), transport: { plainHttp: 'allow' } }],
    ['referrer_policy', withHeaders({ referrerPolicy: 'none' })],
    ['permission_form', withHeaders({ permissions: { camera: 'self' } })],
    ['permission_form', withHeaders({ permissions: { camera: '(self)\r\nx: y' } })],
    ['permission_form', withHeaders({ permissions: { 'Camera ': '()' } })],
    ['report_endpoint', withHeaders({ reportingEndpoints: { csp: 'http://reports.example' } })],
    ['report_endpoint', withHeaders({ reportingEndpoints: { csp: '/x"; y="' } })],
    ['report_endpoint', withHeaders({ reportingEndpoints: { 'c s p': '/x' } })],
    ['header_override', withHeaders({ override: { 'X-Frame-Options': 'DENY' } })],
    ['header_override', withHeaders({ override: { 'x-a b': '1' } })],
    ['header_override', withHeaders({ override: { 'x-a': 'b\r\nset-cookie: c' } })],
    ['csp_unsafe', withHeaders({ override: { 'content-security-policy': "script-src 'unsafe-inline'" } })],
    ['csp_unsafe', withHeaders({ pageCsp: { add: { 'style-src': ["'unsafe-inline'"] } } })],
    ['csp_unsafe', withHeaders({ pageCsp: { add: { 'style-src': ["'unsafe-hashes'"] } } })],
    ['csp_source', withHeaders({ pageCsp: { add: { 'img-src': ['https://a.example; script-src *'] } } })],
    ['csp_source', withHeaders({ pageCsp: { add: { 'img-src': ['a b'] } } })],
    ['csp_source', withHeaders({ pageCsp: { add: { 'img-src': ["'strict-dynamic'"] } } })],
    ['csp_directive', withHeaders({ pageCsp: { add: { 'script-src': ['https://a.example'] } as never } })],
    ['csp_trusted_types', withHeaders({ pageCsp: { trustedTypes: ['a; b'] } })],
    ['csp_report_endpoint', withHeaders({ pageCsp: { reportTo: 'csp' } })],
    ['csp_development', withHeaders({ pageCsp: { development: true } })],
    ['penalty_levels', withPenalties({ levels: [] })],
    ['penalty_strikes', withPenalties({ levels: [{ ...level, strikes: 0 }] })],
    ['penalty_window', withPenalties({ levels: [{ ...level, windowMs: -1 }] })],
    ['penalty_duration', withPenalties({ levels: [{ ...level, lastsMs: 2 * 86_400_000 }] })],
    ['penalty_cost', withPenalties({ levels: [{ ...level, cost: 101 }] })],
    ['penalty_nothing', withPenalties({ levels: [{ ...level, cost: 1 }] })],
    ['penalty_order', withPenalties({ levels: [{ ...level, demand: 'block' }, level] })],
    ['penalty_order', withPenalties({ levels: [{ ...level, cost: 4 }, level] })],
    ['penalty_window', withPenalties({ humanMs: 0 })],
    ['penalty_window', withPenalties({ pardonMs: 0 })],
    ['penalty_size', withPenalties({ maxAddresses: 0 })],
    ['trusted_proxies', { ...good, clientAddress: { trustedProxies: ['everyone'] } }],
    ['route_door', { ...good, routes: { 'GET /a': 'nowhere' } }],
    ['route_form', { ...good, routes: { '/a': 'read' } }],
    ['route_form', { ...good, routes: { 'get /a': 'read' } }],
    ['route_form', { ...good, routes: { 'GET a': 'read' } }],
    ['route_form', { ...good, routes: { 'GET /a//b': 'read' } }],
    ['route_form', { ...good, routes: { 'GET /a/../b': 'read' } }],
    ['route_form', { ...good, routes: { 'GET /*/b': 'read' } }],
    ['route_form', { ...good, routes: { 'GET /:a-:b': 'read' } }],
    ['route_form', { ...good, routes: { 'GET /:a/:a': 'read' } }],
    ['route_form', { ...good, routes: { 'GET /a%2Fb': 'read' } }],
    ['route_twice', { ...good, routes: { 'GET /a/:b': 'read', 'GET /a/:c': 'read' } }],
    ['route_contradiction', { ...good, routes: { 'GET /a': 'read', 'GET /A/': 'write' } }],
    ['ipv6_prefix', { ...good, clientAddress: { trustedProxies: [], ipv6Prefix: 0 } }],
  ])('finds %s', (code, policy) => {
    expect(codes(policy)).toEqual([code])
  })

  it('reports all problems at once, each with its place and what to do', () => {
    const bad = { ...withLimit({ windowMs: 0, quota: -1 }), unmatched: 'nowhere' }
    expect(() => definePolicy(bad)).toThrow(
      /doors\.bad\.strangers\[0\]\.windowMs = 0: limit_window\. Use .*\n.*quota = -1: limit_quota.*\n(.*\n)*unmatched = "nowhere": unmatched_door/,
    )
  })
})

describe('multiplied limits', () => {
  it('scale quotas and bursts of every plan and stay usable', () => {
    const many = multiplyLimits(good, 1000)
    expect(checkPolicy(many)).toEqual([])
    expect(many.doors.read?.actors?.[0]).toMatchObject({
      quota: { default: 60_000, pro: 600_000 },
      burst: { default: 20_000 },
    })
    const few = multiplyLimits(good, 0.0001)
    expect(checkPolicy(few)).toEqual([])
    expect(few.doors.unmatched?.strangers[0]?.quota).toBe(1)
  })
})

describe('multiplied penalties', () => {
  it('are as patient as the limits are wide, and stay usable', () => {
    const policy: Policy = { ...good, penalties: {} }
    const many = multiplyLimits(policy, 100)
    expect(many.penalties?.levels?.[0]).toMatchObject({ strikes: 2000, cost: 2 })
    expect(checkPolicy(many)).toEqual([])
    const strikes = (factor: number) =>
      multiplyLimits(withPenalties({ levels: [level] }), factor).penalties?.levels?.[0]?.strikes
    expect([strikes(0.0001), strikes(1e9)]).toEqual([1, 100_000])
  })
})

it('multiplied sockets: their throttles, not their bounds of memory', () => {
  const event = { perUser: { quota: 10, windowMs: 1000 }, perSocket: { quota: 3, windowMs: 1000 } }
  const sockets = {
    door: 'unmatched',
    events: { say: event, ping: { unlimited: 'cheap' } },
    connections: { quota: 300, windowMs: 60_000 },
    openPerUser: 20,
  }
  expect(multiplyLimits({ ...good, sockets }, 100).sockets).toEqual({
    ...sockets,
    events: {
      say: { perUser: { quota: 1000, windowMs: 1000 }, perSocket: { quota: 300, windowMs: 1000 } },
      ping: { unlimited: 'cheap' },
    },
    connections: { quota: 30_000, windowMs: 60_000 },
  })
  const { connections: _, ...fewer } = sockets
  expect(multiplyLimits({ ...good, sockets: fewer }, 2).sockets).not.toHaveProperty('connections')
})

describe("Levqor's limits", () => {
  it('are the published numbers', () => {
    const { strangers, publicUtility, signIn, protectedFamily, perKey, costlyWork, administration } =
      levqorLimits
    expect([strangers.quota, strangers.windowMs]).toEqual([1000, 3_600_000])
    expect([publicUtility.quota, signIn.quota, protectedFamily.quota]).toEqual([200, 10, 60])
    expect([perKey.quota, perKey.burst.default]).toEqual([
      { default: 60, 'free-session': 300, pro: 600, 'pro-session': 600 },
      20,
    ])
    expect([levqorLimits.perKeyAndAddress.quota.default, levqorLimits.perWorkspace.quota.default]).toEqual([
      30, 200,
    ])
    expect([costlyWork.quota.default, costlyWork.windowMs]).toEqual([20, 60_000])
    expect([administration.quota, administration.windowMs]).toEqual([60, 3_600_000])
  })
})
