import { describe, expect, it } from 'vitest'
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
    ['unmatched_door', { ...good, unmatched: 'nowhere' }],
    ['unmatched_door', { ...good, unmatched: 'read' }],
    ['origin_form', { ...good, browser: { origins: ['https://levqor.example/'] } }],
    ['public_origin', { ...good, transport: { plainHttp: 'require-https' } }],
    [
      'public_origin',
      { ...good, transport: { plainHttp: 'require-https', publicOrigin: 'http://levqor.example' } },
    ],
    ['trusted_proxies', { ...good, clientAddress: { trustedProxies: ['everyone'] } }],
    ['ipv6_prefix', { ...good, clientAddress: { trustedProxies: [], ipv6Prefix: 0 } }],
  ])('finds %s', (code, policy) => {
    expect(codes(policy)).toEqual([code])
  })

  it('reports all problems at once, each with its place and what to do', () => {
    const bad = { ...withLimit({ windowMs: 0, quota: -1 }), unmatched: 'nowhere' }
    expect(() => definePolicy(bad)).toThrow(
      /doors\.bad\.strangers\[0\]\.windowMs: limit_window\. Use .*\n.*quota: limit_quota.*\n(.*\n)*unmatched: unmatched_door/,
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
