// Policies as somebody without a compiler writes them: every problem is named, whatever its shape.
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { createAnomalyWatch } from '../abuse/anomaly-watch.ts'
import { createDeviceWatch } from '../abuse/device-watch.ts'
import { createSignUpWatch } from '../abuse/sign-up-watch.ts'
import { createGuard } from '../kernel/create-guard.ts'
import { createLockout } from '../lockout/create-lockout.ts'
import { requireTokenPolicy } from '../tokens/token-policy.ts'
import { compileSenders } from '../webhooks/compile-senders.ts'
import { formatProblems } from './check-shaped.ts'
import { checkPolicy, definePolicy } from './define-policy.ts'
import type { Policy } from './policy.ts'
import { number, object, optional, text } from './shape.ts'

const limit = { name: 'l', by: 'address', quota: 10, windowMs: 1000 }
const n = { authentication: 'none', strangers: [limit], onStoreFailure: 'local' }
const good = {
  doors: { n },
  unmatched: 'n',
  credentialGuesses: { ...limit, name: 'guesses' },
  clientAddress: { trustedProxies: [] },
  browser: { origins: [] },
  transport: { plainHttp: 'allow' },
}
const withDoor = (facts: object) => ({ ...good, doors: { n, x: { ...n, ...facts } } })
const withLimit = (facts: object) => withDoor({ strangers: [{ ...limit, name: 'm', ...facts }] })
const without = (...fields: string[]) =>
  Object.fromEntries(Object.entries(good).filter(([field]) => !fields.includes(field)))

/** As it would come from JSON: the compiler knows nothing about it. */
const policyOf = (value: unknown) => value as Policy
const problemsOf = (value: unknown) => checkPolicy(policyOf(value))
const linesOf = (value: unknown) => formatProblems(problemsOf(value)).split('\n')
const placesOf = (value: unknown) => problemsOf(value).map(({ code, path }) => `${code} ${path}`)

describe('a field that does not exist', () => {
  it.each<[string, unknown, string]>([
    ['doors.x.scope', withDoor({ scope: ['admin'] }), 'Did you mean "scopes"?'],
    ['doors.x.colour', withDoor({ colour: 'red' }), 'There are: authentication, strangers, '],
    ['doors.x.strangers[0].windowSec', withLimit({ windowSec: 1 }), 'Did you mean "windowMs"?'],
    ['doors.x.__proto__', withDoor(JSON.parse('{"__proto__":1}')), 'There are: authentication,'],
    ['route', { ...good, route: {} }, 'Did you mean "routes"?'],
    ['browser.cors', { ...good, browser: { origins: [], cors: {} } }, 'There are: origins, unknown.'],
    ['headers.hsts', { ...good, headers: { hsts: 'x' } }, 'Did you mean "hstsMaxAgeSeconds"?'],
    ['headers.pageCsp.scriptSrc', { ...good, headers: { pageCsp: { scriptSrc: ['a'] } } }, 'There are: add,'],
    ['penalties.strikes', { ...good, penalties: { strikes: -1 } }, 'There are: levels,'],
    ['abuse.x', { ...good, abuse: { x: 1 } }, 'There are: devices,'],
    ['tokens.x', { ...good, tokens: { issuer: 'a', audience: 'b', x: 1 } }, 'There are: issuer,'],
    [
      'webhooks.senders.stripe.header',
      { ...good, webhooks: { senders: { stripe: { provider: 'stripe', header: 'x-a' } } } },
      'There are: provider, maxBodyBytes.',
    ],
  ])('%s', (path, policy, hint) => {
    const found = problemsOf(policy).filter(({ code }) => code === 'unknown_field')
    expect(problemsOf(policy)).toEqual(found)
    expect(found.map((problem) => problem.path)).toEqual([path])
    expect(found[0]?.fix).toMatch(/^There is no "\w+" here\. /)
    expect(found[0]?.fix).toContain(hint)
  })

  it('never shows what was in it: it could be a secret', () => {
    const secret = 'hunter2-hunter2-hunter2'
    const short = 'hunter2'
    const policies = [
      { ...good, tokens: { issuer: 'a', audience: 'b', secret } },
      { ...good, secret: { text: secret } },
      withDoor({ password: secret, scopes: secret }),
      { ...good, webhooks: { senders: { stripe: short } } },
      { ...good, webhooks: short },
      { ...good, tokens: short },
      { ...good, headers: { override: short } },
      { ...good, headers: { override: { 'X-Key': secret } } },
      { ...good, headers: { reportingEndpoints: { 'a b': `https://x.example/${secret}` } } },
      { ...good, browser: { origins: [`https://me:${secret}@app.example`] } },
      { ...good, browser: { origins: [`https://app.example/?key=${secret}`] } },
    ]
    for (const policy of policies) {
      expect(problemsOf(policy).length).toBeGreaterThan(0)
      expect(JSON.stringify(problemsOf(policy))).not.toContain(short)
    }
  })
})

describe('a wrong type', () => {
  it.each<[string, unknown]>([
    ['doors.x.strangers[0] = "60/m"', withDoor({ strangers: ['60/m'] })],
    ['doors.x.strangers[0] = null', withDoor({ strangers: [null] })],
    ['doors.x.strangers = "60/m"', withDoor({ strangers: '60/m' })],
    ['doors.x.actors = an object', withDoor({ actors: {} })],
    ['doors.x.scopes = "admin"', withDoor({ scopes: 'admin' })],
    ['doors.x.unlimited = true', withDoor({ unlimited: true })],
    ['doors.x.authentication = a list of 1', withDoor({ authentication: ['none'] })],
    ['doors.x.strangers[0].quota = "10"', withLimit({ quota: '10' })],
    ['doors.x.strangers[0].quota.pro = "10"', withLimit({ quota: { default: 1, pro: '10' } })],
    ['doors.x.strangers[0].windowMs = "60000"', withLimit({ windowMs: '60000' })],
    ['doors.x = null', { ...good, doors: { n, x: null } }],
    ['doors = []', { ...good, doors: [] }],
    ['routes["GET /a"] = an object', { ...good, routes: { 'GET /a': { door: 'n' } } }],
    ['transport = "https"', { ...good, transport: 'https' }],
    ['browser.origins = a text of 19 letters', { ...good, browser: { origins: 'https://app.example' } }],
    ['penalties = true', { ...good, penalties: true }],
    ['clientAddress = a function', { ...good, clientAddress: () => ({ trustedProxies: [] }) }],
    ['headers.override.x-a = a number', { ...good, headers: { override: { 'x-a': 1 } } }],
    ['policy = null', null],
    ['policy = undefined', undefined],
    ['policy = "production"', 'production'],
    ['policy = []', []],
    ['doors = an object of a class', { ...good, doors: new Map() }],
  ])('%s', (start, policy) => {
    const [line = '', ...others] = linesOf(policy)
    expect(line).toContain(`${start}: type. Use `)
    expect(line).toMatch(/\.$/)
    expect(others).toEqual([])
  })

  it.each<[string, unknown]>([
    ['clientAddress', without('clientAddress')],
    ['browser', without('browser')],
    ['credentialGuesses', without('credentialGuesses')],
    ['transport', without('transport')],
    ['doors', without('doors')],
    ['unmatched', without('unmatched')],
    ['doors.x.onStoreFailure', withDoor({ onStoreFailure: undefined })],
    ['doors.x.strangers[0].quota.default', withLimit({ quota: { pro: 5 } })],
  ])('%s is required', (path, policy) => {
    expect(placesOf(policy)).toEqual([`required ${path}`])
  })

  it('nothing at all names all that a policy needs', () => {
    expect(placesOf({})).toEqual(Object.keys(good).map((field) => `required ${field}`))
  })

  it('an optional field may be undefined', () => {
    const policy = { ...good, cors: undefined, penalties: { levels: undefined, humanMs: undefined } }
    expect(linesOf(policy)).toEqual([''])
    expect(() => createGuard({ policy: policyOf(policy), store })).not.toThrow()
  })
})

const store = {
  take: () => ({ allowed: true, states: [], retryAfterMs: 0 }),
  peek: () => ({ allowed: true, states: [], retryAfterMs: 0 }),
}

describe('every problem at once', () => {
  it('of types and of meaning, at the same door and elsewhere', () => {
    expect(
      placesOf({
        ...withDoor({ authentication: 'sesion', strangers: [], scope: ['a'], serves: 5 }),
        unmatched: 'gone',
        sockets: {
          door: 'zzz',
          events: { a: { perUser: { quota: 0, windowMs: 'x' } }, error: { unlimited: 'why' }, b: 'often' },
        },
        lockout: { x: 1 },
      }),
    ).toEqual([
      'type doors.x.serves',
      'unknown_field doors.x.scope',
      ...['account', 'accountAddress', 'device', 'address', 'global'].map((it) => `required lockout.${it}`),
      'unknown_field lockout.x',
      'type sockets.events.a.perUser.windowMs',
      'type sockets.events.b',
      'door_authentication doors.x.authentication',
      'door_without_limits doors.x.strangers',
      'unmatched_door unmatched',
      'socket_door sockets.door',
      'socket_number sockets.events.a.perUser.quota',
      'socket_event_reserved sockets.events.error',
    ])
  })

  it('but nothing that follows from another problem only', () => {
    const routes = { 'GET /': 'n' }
    expect(
      placesOf({ ...good, doors: 'n', routes, sockets: { door: 'n', events: { a: { unlimited: 'b' } } } }),
    ).toEqual(['type doors'])
    expect(placesOf({ ...good, doors: { n: { ...n, authentication: 5 } } })).toEqual([
      'type doors.n.authentication',
    ])
    expect(
      placesOf(
        withDoor({
          strangers: [
            { ...limit, name: 5 },
            { ...limit, name: 6 },
          ],
        }),
      ),
    ).toEqual(['type doors.x.strangers[0].name', 'type doors.x.strangers[1].name'])
  })
})

describe('a problem reads as a sentence', () => {
  it.each<[string, unknown]>([
    [
      'doors.x.strangers[0].windowMs = -1: limit_window. Use a positive number of milliseconds, at most 366 days.',
      withLimit({ windowMs: -1 }),
    ],
    [
      'unmatched = "gone": unmatched_door. There is no door "gone". There are: n.',
      { ...good, unmatched: 'gone' },
    ],
    [
      'unmatched = "nn": unmatched_door. There is no door "nn". Did you mean "n"?',
      { ...good, unmatched: 'nn' },
    ],
    [
      'unmatched = "toString": unmatched_door. There is no door "toString". There are: n.',
      { ...good, unmatched: 'toString' },
    ],
    [
      'doors.x.strangers[0].burst = 500: limit_burst. More at once than the quota allows per window: use at most the quota.',
      withLimit({ quota: 5, burst: 500 }),
    ],
    [
      'clientAddress.trustedProxies[1] = "::/0": trusted_proxies. This believes everybody, so anybody could choose their address: name your own proxies only.',
      { ...good, clientAddress: { trustedProxies: ['loopback', '::/0'] } },
    ],
    ['doors.x.unlimited = "": door_unlimited. Say why it needs no limits.', withDoor({ unlimited: '' })],
    ['unmatched: required. Add it: the name of a door.', without('unmatched')],
  ])('%s', (line, policy) => {
    expect(linesOf(policy)).toEqual([line])
  })

  it('on one line and short, whatever was written', () => {
    const policy = { ...good, transport: { plainHttp: `a\u2028\u202e\n${'x'.repeat(5000)}` }, 'a\nb': 1 }
    const lines = linesOf(policy)
    expect(lines).toHaveLength(2)
    for (const line of lines) {
      expect(line).toMatch(/^[\x20-\x7e]*$/)
      expect(line.length).toBeLessThan(300)
    }
  })

  it('once: node prints the message of an uncaught error, and no list beside it', () => {
    const script = `import { definePolicy } from ${JSON.stringify(new URL('./define-policy.ts', import.meta.url).href)}; definePolicy({})`
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    })
    expect(stderr.match(/clientAddress: required/g)).toHaveLength(1)
    expect(stderr).not.toContain('details')
  })
})

describe('what createGuard is given', () => {
  const refused = (options: unknown) => {
    try {
      createGuard(options as Parameters<typeof createGuard>[0])
    } catch (error) {
      return error
    }
    return 'accepted'
  }

  it.each<[unknown, string]>([
    [{}, 'required policy, required store'],
    [null, 'type options'],
    [{ policy: good, store, evnts: [] }, 'unknown_field evnts'],
    [{ policy: good, store: 'redis' }, 'type store'],
    [{ policy: good, store: {} }, 'type store'],
    [{ policy: good, store, storePatienceMs: '50' }, 'type storePatienceMs'],
    [{ policy: { ...good, unmatched: 'x' }, store, clok: 1 }, 'unknown_field clok, unmatched_door unmatched'],
  ])('is refused as a whole: %j', (options, places) => {
    const error = refused(options)
    expect(error).toMatchObject({ code: 'bad_options' })
    const { details } = error as { details: ReturnType<typeof checkPolicy> }
    expect(details.map(({ code, path }) => `${code} ${path}`).join(', ')).toBe(places)
  })

  it('is a bad policy where only the policy is wrong', () => {
    expect(refused({ policy: null, store })).toMatchObject({ code: 'bad_policy' })
    expect(() => definePolicy(policyOf(null))).toThrow('policy = null: type.')
  })
})

describe('a part that is used without a whole policy', () => {
  it.each<[string, () => unknown, string]>([
    ['tokens', () => requireTokenPolicy({ issuer: 'a', audiense: 'b' } as never), 'audience: required'],
    ['tokens', () => requireTokenPolicy(null as never), 'tokens = null: type'],
    ['a lockout', () => createLockout({ policy: { account: 5 } } as never), 'lockout.account = 5: type'],
    [
      'webhooks',
      () => compileSenders({ senders: [] } as never, { a: [] }, 'production'),
      'senders = []: type',
    ],
    ['devices', () => createDeviceWatch({ policy: { plans: 5 } } as never), 'devices.plans = 5: type'],
    ['sign-ups', () => createSignUpWatch({ policy: null } as never), 'abuse.signUps = null: type'],
    ['anomalies', () => createAnomalyWatch({ rules: [null] } as never), 'anomalies[0] = null: type'],
  ])('is read the same way: %s', (_, create, line) => {
    expect(create).toThrow(line)
  })
})

describe('the tables', () => {
  it('cannot say something else than the types', () => {
    interface Thing {
      readonly size: number
      readonly colour?: string
    }
    object<Thing>({ size: number, colour: optional(text) })
    // @ts-expect-error a field is missing
    object<Thing>({ size: number })
    // @ts-expect-error a field too many
    object<Thing>({ size: number, colour: optional(text), weight: number })
    // @ts-expect-error the wrong type
    object<Thing>({ size: text, colour: optional(text) })
    // @ts-expect-error required, though the type says that it may be missing
    object<Thing>({ size: number, colour: text })
    // @ts-expect-error optional, though the type says that it is there
    object<Thing>({ size: optional(number), colour: optional(text) })
    expect(object<Thing>({ size: number, colour: optional(text) }).what).toBe('an object with size')
  })
})
