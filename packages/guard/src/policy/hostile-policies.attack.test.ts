// Whatever a policy is made of, reading it ends soon, and in a policy or in a list of problems.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { createGuard } from '../kernel/create-guard.ts'
import { createMemoryLimitStore } from '../limits/memory-limit-store.ts'
import { levqorAbuse, levqorDoors, levqorLimits, levqorLockout, levqorPenalties } from '../presets/index.ts'
import { checkPolicy } from './define-policy.ts'
import type { Policy } from './policy.ts'

const store = createMemoryLimitStore({ clock: systemClock })
const whole: Policy = {
  doors: levqorDoors,
  unmatched: 'unmatched',
  credentialGuesses: levqorLimits.credentialGuesses,
  clientAddress: { trustedProxies: ['loopback'], header: 'forwarded', ipv6Prefix: 56 },
  browser: { origins: ['https://levqor.example'], unknown: 'deny' },
  transport: { plainHttp: 'require-https', publicOrigin: 'https://levqor.example' },
  headers: {
    pageCsp: { add: { 'img-src': ['https://a.example'] }, trustedTypes: ['default'], reportTo: 'csp' },
    reportingEndpoints: { csp: '/csp' },
    permissions: { camera: '()' },
    override: { 'x-frame-options': null, 'x-a': 'b' },
    hstsMaxAgeSeconds: 300,
  },
  routes: { 'GET /a/:b': 'read' },
  cors: { origins: ['https://partner.example'], methods: ['PUT'], maxAgeSeconds: 5 },
  penalties: levqorPenalties,
  lockout: levqorLockout,
  tokens: { issuer: 'https://levqor.example', audience: 'api', cookies: { refreshPath: '/refresh' } },
  webhooks: {
    senders: { stripe: { provider: 'stripe' }, own: { provider: 'hmac', header: 'x-a', encoding: 'hex' } },
  },
  sockets: { door: 'write', events: { say: { perUser: { quota: 5, windowMs: 1000 } } } },
  abuse: levqorAbuse,
}

/** A guard, or an error with a list: nothing else may come out. */
function judge(policy: unknown): 'accepted' | 'refused' {
  try {
    // Anything at all: that is what is tried here.
    createGuard({ policy: policy as Policy, store })
    return 'accepted'
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad_policy' })
    const { details, message } = error as { details: readonly unknown[]; message: string }
    expect(details.length).toBeGreaterThan(0)
    expect(message.length).toBeLessThan(200_000)
    return 'refused'
  }
}

type Json = Parameters<typeof JSON.stringify>[0]

/** The value with one place in it, found by going down as `steps` says, replaced. */
function changed(value: Json, steps: readonly number[], by: (old: Json) => Json): Json {
  const [step, ...rest] = steps
  if (step === undefined || typeof value !== 'object' || value === null) return by(value)
  const keys = Object.keys(value)
  const key = keys[step % Math.max(1, keys.length)]
  if (key === undefined) return by(value)
  const copy = structuredClone(value)
  copy[key] = changed(value[key], rest, by)
  return copy
}

describe('a policy out of anything', () => {
  it('the whole policy that is changed here is good', () => {
    expect(checkPolicy(whole)).toEqual([])
    expect(judge(whole)).toBe('accepted')
  })

  it('any JSON value is a policy or has problems', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => void judge(value)),
      { numRuns: 300 },
    )
  })

  it('a good policy with anything anywhere in it is a policy or has problems', () => {
    const steps = fc.array(fc.nat(50), { maxLength: 7 })
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('', 'none', '__proto__', 0, -1, 1e308, [], {}, null),
    )
    fc.assert(
      fc.property(steps, anything, (at, value) => void judge(changed(whole, at, () => value))),
      { numRuns: 1000 },
    )
  })

  it('a good policy with a field removed or added is a policy or has problems', () => {
    const steps = fc.array(fc.nat(50), { maxLength: 6 })
    fc.assert(
      fc.property(steps, fc.nat(20), fc.string(), (at, nth, name) => {
        const remove = (old: Json) => {
          if (typeof old !== 'object' || old === null || Array.isArray(old)) return old
          return Object.fromEntries(Object.entries(old).filter((_, i) => i !== nth))
        }
        const add = (old: Json) => (typeof old === 'object' && old !== null ? { ...old, [name]: 1 } : old)
        judge(changed(whole, at, remove))
        judge(changed(whole, at, add))
      }),
      { numRuns: 300 },
    )
  })
})

describe('a policy that is made to break its reader', () => {
  const long = 'x'.repeat(10_000_000)
  const cyclic: Record<string, unknown> = { ...whole }
  cyclic.doors = cyclic
  cyclic.headers = { override: cyclic }
  const throwing = {
    get doors() {
      throw new TypeError('gotcha')
    },
  }
  const { proxy: revoked, revoke } = Proxy.revocable({}, {})
  revoke()
  const trap = () => {
    throw new Error('gotcha')
  }
  const many = (count: number, value: unknown) => Array.from({ length: count }, () => value)

  it.each<[string, unknown]>([
    [
      'texts of ten megabytes',
      { ...whole, unmatched: long, transport: { plainHttp: long, publicOrigin: long } },
    ],
    ['names of ten megabytes', { ...whole, [long]: 1, doors: { [long]: 1 }, routes: { [long]: long } }],
    ['an address of ten megabytes', { ...whole, clientAddress: { trustedProxies: [long], [long]: long } }],
    ['itself inside itself', cyclic],
    ['a getter that throws', throwing],
    [
      'a getter that does not',
      {
        ...whole,
        get routes() {
          return {}
        },
      },
    ],
    ['a getter in a list', { ...whole, browser: { origins: Object.defineProperty([], 0, { get: trap }) } }],
    ['a revoked proxy', revoked],
    ['a revoked proxy inside', { ...whole, doors: revoked, sockets: { door: revoked, events: revoked } }],
    [
      'a proxy that throws',
      new Proxy({}, { getOwnPropertyDescriptor: trap, ownKeys: trap, getPrototypeOf: trap }),
    ],
    ['fields of its prototype', Object.create(whole)],
    ['a list with holes', { ...whole, browser: { origins: Array(5) } }],
    ['a list as long as can be', { ...whole, browser: { origins: Array(4_294_967_295) } }],
    ['200,000 wrong limits', { ...whole, doors: { a: { strangers: many(200_000, null) } } }],
    ['9,999 wrong origins', { ...whole, browser: { origins: many(9_999, 5) } }],
    [
      '200,000 unknown fields',
      { ...whole, ...Object.fromEntries(many(200_000, 0).map((_, i) => [`f${i}`, 1])) },
    ],
    ['9,000 unknown fields', { ...whole, ...Object.fromEntries(many(9_000, 0).map((_, i) => [`f${i}`, 1])) }],
    [
      '9,000 routes to doors that are not there',
      { ...whole, routes: Object.fromEntries(many(9_000, 0).map((_, i) => [`GET /${i}`, 'door-door-door'])) },
    ],
    ['a symbol, a bigint, a function', { ...whole, doors: Symbol('a'), unmatched: 5n, browser: trap }],
    ['a map', { ...whole, doors: new Map(Object.entries(levqorDoors)) }],
    [
      'prototypes by name',
      JSON.parse('{"__proto__":{"doors":{}},"doors":{"__proto__":null},"routes":{"__proto__":"a"}}'),
    ],
  ])('%s', (_, policy) => {
    const started = performance.now()
    expect(judge(policy)).toBe('refused')
    expect(performance.now() - started).toBeLessThan(4_000)
  })

  it('a door called __proto__ is a door like others', () => {
    const text = JSON.stringify(whole).replace('"doors":{', '"doors":{"__proto__":{"authentication":"none"},')
    expect(checkPolicy(JSON.parse(text)).map(({ path }) => path)).toEqual([
      'doors.__proto__.strangers',
      'doors.__proto__.onStoreFailure',
    ])
  })
})
