// Every misconfiguration by itself: the doctor finds exactly that one, and none in a sound configuration.
import { describe, expect, it } from 'vitest'
import {
  createGuard,
  createMemoryLimitStore,
  createPseudonyms,
  createSecret,
  createSecurityEvents,
  type DoorRule,
  definePolicy,
  type Policy,
  type ProtectionMode,
  protections,
  type SecurityEventSink,
} from '../index.ts'
import { levqorAbuse } from '../presets/index.ts'
import { createRotatingSecret } from '../secrets/rotating-secret.ts'
import type { DoctorCode } from './check.ts'
import { configurationChecks } from './check-table.ts'
import { type DoctorReport, doctor } from './doctor.ts'
import type { DoctorFacts, RedisFacts } from './doctor-facts.ts'

const minute = 60_000
const day = 86_400_000
const nowMs = Date.parse('2026-11-21T12:00:00Z')
const clock = { now: () => nowMs }
const byAddress = { name: 'by-address', by: 'address', quota: 60, windowMs: minute } as const
const byKey = { name: 'by-key', by: 'credential', quota: 60, windowMs: minute } as const
const strong = 'q8Zr1vYc0Lw5sKx9Tn2Jb7Ue4Gd6Ha3MpQfWiRoVzX'
const stronger = 'Xz9Vo2Ri4Wf6Qp8M1aH3dG5eU7bJ0nT2xK4sL6wC8yV1'
const rule = { failures: 5, windowMs: 10 * minute, lockMs: 15 * minute, maxLockMs: 30 * minute }

const soundPolicy = definePolicy({
  doors: {
    unmatched: { authentication: 'none', strangers: [byAddress], onStoreFailure: 'local' },
    page: { authentication: 'none', serves: 'page', strangers: [byAddress], onStoreFailure: 'local' },
    'sign-in': { authentication: 'none', strangers: [byAddress], onStoreFailure: 'local' },
    notes: {
      authentication: 'session-or-key',
      strangers: [byAddress],
      actors: [byKey],
      onStoreFailure: 'deny',
    },
    chat: { authentication: 'session', strangers: [byAddress], actors: [byKey], onStoreFailure: 'deny' },
  },
  unmatched: 'unmatched',
  routes: {
    'GET /': 'page',
    'POST /sign-in': 'sign-in',
    'GET /notes': 'notes',
    'POST /notes': 'notes',
  },
  credentialGuesses: { name: 'guesses', by: 'address', quota: 300, windowMs: minute },
  clientAddress: { trustedProxies: ['10.0.0.7', 'private'] },
  browser: { origins: ['https://app.example'] },
  transport: { plainHttp: 'require-https', publicOrigin: 'https://app.example' },
  headers: {
    reportingEndpoints: { csp: '/csp-reports' },
    pageCsp: { reportTo: 'csp', add: { 'connect-src': ['https://api.example'], 'img-src': ['https:'] } },
    override: {
      'x-frame-options': 'SAMEORIGIN',
      'x-robots-tag': null,
      'x-note': 'hello',
      'content-security-policy': "default-src 'none'; script-src 'self'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=63072000',
      'cross-origin-resource-policy': 'same-site',
      'x-xss-protection': '0',
    },
  },
  cors: { origins: ['https://partner.example'] },
  penalties: {},
  lockout: {
    account: rule,
    accountAddress: rule,
    device: rule,
    address: { ...rule, failures: 20 },
    global: { ...rule, failures: 200, strangerFailures: 2 },
  },
  tokens: { issuer: 'https://app.example', audience: 'api' },
  webhooks: { senders: { stripe: { provider: 'stripe' } } },
  abuse: levqorAbuse,
  sockets: { door: 'chat', events: { message: { perUser: { quota: 10, windowMs: 1000 } } } },
})

const soundFacts: DoctorFacts = {
  processes: 2,
  limitStore: 'shared',
  redis: { maxmemoryPolicy: 'noeviction', maxmemoryBytes: 0, socketTimeoutMs: 5000 },
  lockoutStore: 'durable',
  revocations: 'shared',
  replayStore: 'shared',
  secrets: {
    GUARD_SECRET: createSecret(strong, { name: 'GUARD_SECRET' }),
    GUARD_SESSION_KEY: createRotatingSecret({
      name: 'GUARD_SESSION_KEY',
      current: stronger,
      previous: { text: `${stronger}old`, untilMs: nowMs + day },
    }),
  },
  webhookSecrets: { stripe: 1 },
  egressAllow: ['intranet.example:8080', '10.1.2.0/24', '10.1.2.3', '127.0.0.1:9000'],
  forwardedHeadersSeen: true,
  clockSkewMs: 200,
  tokenAlgorithms: ['EdDSA'],
  hmacKeyBits: 256,
  nodeVersion: 'v24.21.0',
}

const redisWith = (facts: Partial<RedisFacts>): RedisFacts => ({
  maxmemoryPolicy: 'noeviction',
  maxmemoryBytes: 1_000_000,
  socketTimeoutMs: 5000,
  ...facts,
})

interface Fault {
  readonly policy?: Partial<Policy>
  readonly facts?: DoctorFacts
  readonly modes?: Partial<Record<(typeof protections)[number], ProtectionMode>>
  readonly sinks?: readonly SecurityEventSink[]
}

const silent: SecurityEventSink = { name: 'silent', write: () => {} }
const broken: SecurityEventSink = { name: 'broken', write: () => Promise.reject(new Error('full')) }

async function examine(fault: Fault = {}): Promise<DoctorReport> {
  const { modes = {}, sinks = [silent] } = fault
  const policy = { ...soundPolicy, ...fault.policy }
  const secret = createSecret(strong, { name: 'PEPPER' })
  const events = createSecurityEvents({ sinks, clock, pseudonyms: createPseudonyms({ secret, clock }) })
  const guard = createGuard({
    policy: soundPolicy,
    store: createMemoryLimitStore({ clock }),
    clock,
    events,
    switches: { mode: (protection) => modes[protection] ?? 'enforce' },
  })
  events.emit({ event: 'auth.failed' })
  await events.flush(1000)
  return doctor({ guard, policy, facts: { ...soundFacts, ...fault.facts } })
}

const withDoor = (name: string, door: Partial<DoorRule>): Pick<Policy, 'doors'> => {
  const doors: Policy['doors'] = soundPolicy.doors
  const before = doors[name] ?? soundPolicy.doors.unmatched
  return { doors: { ...doors, [name]: { ...before, ...door } } }
}
const unlimited = { strangers: [], unlimited: 'It is only a test.' } as const

const faults: readonly (readonly [DoctorCode, string, Fault, RegExp])[] = [
  ['GUARD-001', 'not set', { facts: { secrets: { KEY: '' } } }, /^KEY: It is not set/],
  ['GUARD-001', 'undefined', { facts: { secrets: { KEY: undefined } } }, /^KEY: /],
  ['GUARD-002', 'a word', { facts: { secrets: { KEY: 'changeme' } } }, /^KEY: /],
  ['GUARD-003', 'used twice', { facts: { secrets: { ONE: strong, TWO: strong } } }, /^TWO: .*ONE/],
  [
    'GUARD-004',
    'an old secret for a year',
    {
      facts: {
        secrets: {
          KEY: createRotatingSecret({
            name: 'KEY',
            current: strong,
            previous: { text: stronger, untilMs: nowMs + 365 * day },
          }),
        },
      },
    },
    /^KEY_PREVIOUS_UNTIL: /,
  ],
  ['GUARD-005', 'an old Node', { facts: { nodeVersion: 'v20.11.0' } }, /v20.11.0/],
  ['GUARD-005', 'an odd Node', { facts: { nodeVersion: 'v27.0.0' } }, /v27.0.0/],
  ['GUARD-006', 'a clock in the past', { facts: { clockSkewMs: -6000 } }, /-6000 ms/],
  [
    'GUARD-009',
    'a quota of zero',
    { policy: { credentialGuesses: { ...soundPolicy.credentialGuesses, quota: 0 } } },
    /limit_quota/,
  ],
  [
    'GUARD-010',
    'plain HTTP for others',
    { policy: { transport: { plainHttp: 'allow' } } },
    /https:\/\/app\.example is served/,
  ],
  ['GUARD-012', 'an unknown proxy', { policy: { clientAddress: { trustedProxies: [] } } }, /trustedProxies/],
  [
    'GUARD-013',
    'half of everybody trusted',
    { policy: { clientAddress: { trustedProxies: ['0.0.0.0/1'] } } },
    /0\.0\.0\.0\/1/,
  ],
  ['GUARD-013', 'half of IPv6', { policy: { clientAddress: { trustedProxies: ['8000::/1'] } } }, /8000::\/1/],
  [
    'GUARD-013',
    'an eighth of the internet',
    { policy: { clientAddress: { trustedProxies: ['32.0.0.0/3'] } } },
    /32/,
  ],
  [
    'GUARD-014',
    'single IPv6 addresses',
    { policy: { clientAddress: { trustedProxies: ['private'], ipv6Prefix: 128 } } },
    /\/128/,
  ],
  [
    'GUARD-015',
    'localhost in production',
    { policy: { browser: { origins: ['https://app.example', 'http://localhost:3000'] } } },
    /localhost/,
  ],
  [
    'GUARD-016',
    'unknown origins',
    { policy: { browser: { origins: ['https://app.example'], unknown: 'allow' } } },
    /allow/,
  ],
  ['GUARD-020', 'a local origin', { policy: { cors: { origins: ['https://localhost:8080'] } } }, /localhost/],
  [
    'GUARD-021',
    'credentials',
    { policy: { cors: { origins: ['https://partner.example'], credentials: true } } },
    /partner/,
  ],
  ...protections.flatMap((protection) =>
    (['observe', 'off'] as const).map(
      (mode) =>
        [
          'GUARD-030',
          `${protection} on ${mode}`,
          { modes: { [protection]: mode } },
          new RegExp(`${protection}.*${mode}`),
        ] as const,
    ),
  ),
  ['GUARD-031', 'limits in memory', { facts: { limitStore: 'memory' } }, /2 processes/],
  ['GUARD-032', 'revocations in memory', { facts: { revocations: 'memory' } }, /2 processes/],
  ['GUARD-033', 'replays in memory', { facts: { replayStore: 'memory' } }, /2 processes/],
  ['GUARD-034', 'writing without limits', { policy: withDoor('sign-in', unlimited) }, /sign-in.*only a test/],
  [
    'GUARD-034',
    'people without limits',
    { policy: withDoor('notes', { ...unlimited, actors: [] }) },
    /notes/,
  ],
  ['GUARD-035', 'reading without limits', { policy: withDoor('page', unlimited) }, /page.*only a test/],
  ['GUARD-036', 'failing open', { policy: withDoor('notes', { onStoreFailure: 'allow' }) }, /doors\.notes/],
  [
    'GUARD-037',
    'one count for all',
    { policy: withDoor('page', { strangers: [{ ...byAddress, name: 'all', by: 'global' }] }) },
    /doors\.page/,
  ],
  ['GUARD-039', 'a thousand guesses', { policy: lockoutOf(1000) }, /1000/],
  [
    'GUARD-046',
    'eviction',
    { facts: { redis: redisWith({ maxmemoryPolicy: 'allkeys-lru' }) } },
    /is allkeys-lru\.$/,
  ],
  [
    'GUARD-046',
    'eviction without a bound yet',
    { facts: { redis: redisWith({ maxmemoryPolicy: 'volatile-ttl', maxmemoryBytes: 0 }) } },
    /volatile-ttl, to be met/,
  ],
  ['GUARD-047', 'no timeout', { facts: { redis: redisWith({ socketTimeoutMs: 0 }) } }, /no socketTimeout/],
  ['GUARD-040', 'lockout in memory', { facts: { lockoutStore: 'memory' } }, /memory/],
  [
    'GUARD-042',
    'any number of keys',
    { policy: { credentialGuesses: { ...soundPolicy.credentialGuesses, quota: 100_000 } } },
    /100000/,
  ],
  [
    'GUARD-043',
    'sign-in from other sites',
    { policy: withDoor('sign-in', { crossSite: 'accept' }) },
    /sign-in/,
  ],
  ['GUARD-044', 'a door without route', { policy: withDoor('forgotten', {}) }, /forgotten/],
  [
    'GUARD-050',
    'short HSTS',
    { policy: { headers: { ...soundPolicy.headers, hstsMaxAgeSeconds: 3600 } } },
    /3600/,
  ],
  [
    'GUARD-051',
    'connections anywhere',
    headers({ pageCsp: { reportTo: 'csp', add: { 'connect-src': ['*'] } } }),
    /\*/,
  ],
  [
    'GUARD-051',
    'frames of any site',
    headers({ pageCsp: { reportTo: 'csp', add: { 'frame-src': ['https:'] } } }),
    /https:/,
  ],
  [
    'GUARD-051',
    'pictures over HTTP',
    headers({ pageCsp: { reportTo: 'csp', add: { 'img-src': ['http:'] } } }),
    /http:/,
  ],
  ...(
    [
      ['x-content-type-options', null],
      ['content-security-policy', null],
      ['content-security-policy', "script-src 'self' https:"],
      ['x-content-type-options', 'sniff'],
      ['x-frame-options', 'ALLOW-FROM https://a.example'],
      ['referrer-policy', 'unsafe-url'],
      ['content-security-policy', 'default-src *'],
      ['strict-transport-security', 'max-age=60'],
      ['strict-transport-security', 'includeSubDomains'],
      ['cross-origin-opener-policy', 'unsafe-none'],
      ['cross-origin-resource-policy', 'cross-origin'],
      ['x-xss-protection', '1; mode=block'],
    ] as const
  ).map(
    ([name, value]) =>
      ['GUARD-052', `${name}: ${value}`, headers({ override: { [name]: value } }), new RegExp(name)] as const,
  ),
  ['GUARD-053', 'whole addresses', headers({ referrerPolicy: 'no-referrer-when-downgrade' }), /downgrade/],
  ['GUARD-054', 'no reports', headers({ pageCsp: {} }), /reportTo/],
  ['GUARD-060', 'an hour', tokens({ accessLifetimeMs: 60 * minute }), /60 minutes/],
  ['GUARD-061', 'sixty days', tokens({ refreshLifetimeMs: 60 * day }), /60 days/],
  ['GUARD-062', 'any algorithm', { facts: { tokenAlgorithms: [] } }, /Any/],
  ['GUARD-062', 'none', { facts: { tokenAlgorithms: ['EdDSA', 'none'] } }, /without any signature/],
  ['GUARD-062', 'two kinds', { facts: { tokenAlgorithms: ['RS256', 'HS256'] } }, /RS256, HS256/],
  ['GUARD-063', 'a short key', { facts: { hmacKeyBits: 128 } }, /128 bits/],
  ['GUARD-070', 'no secret', { facts: { webhookSecrets: {} } }, /stripe/],
  ['GUARD-071', 'open', webhooks({ withoutSecret: 'open-in-development' }), /open-in-development/],
  ['GUARD-073', 'an hour', webhooks({ toleranceMs: 60 * minute }), /60 minutes/],
  ['GUARD-075', 'a private network', { facts: { egressAllow: ['10.0.0.0/8'] } }, /10\.0\.0\.0\/8/],
  ['GUARD-075', 'IPv6', { facts: { egressAllow: ['fc00::/7'] } }, /fc00/],
  ['GUARD-075', 'this machine', { facts: { egressAllow: ['127.0.0.1'] } }, /127/],
  ['GUARD-075', 'metadata', { facts: { egressAllow: ['169.254.169.254'] } }, /169/],
  ['GUARD-080', 'no origin', { policy: { browser: { origins: [] } } }, /empty/],
  [
    'GUARD-081',
    'no throttle',
    sockets({ events: { typing: { unlimited: 'It is short.' } } }),
    /typing.*short/,
  ],
  ['GUARD-082', 'large frames', sockets({ maxFrameBytes: 50_000_000 }), /50000000/],
  ['GUARD-083', 'a session a day', sockets({ checkEveryMs: day }), /1440 minutes/],
  [
    'GUARD-085',
    'any device',
    abuse({ devices: { ...levqorAbuse.devices, plans: { default: 'unlimited' } } }),
    /unlimited/,
  ],
  [
    'GUARD-086',
    'any mail',
    abuse({ signUps: { ...levqorAbuse.signUps, disposableMail: 'accept' } }),
    /accept/,
  ],
  ['GUARD-087', 'no hints', abuse({ anomalies: [] }), /none/],
  ['GUARD-088', 'any robot', { policy: { penalties: { onChallengeUnavailable: 'allow' } } }, /allow/],
  ['GUARD-090', 'nowhere', { sinks: [] }, /no sink/],
  ['GUARD-091', 'lost', { sinks: [broken] }, /events\.broken: 1/],
]

function lockoutOf(failures: number): Partial<Policy> {
  const more = { ...rule, failures }
  const global = { ...more, failures: failures * 5, strangerFailures: 1 }
  return { lockout: { account: more, accountAddress: rule, device: more, address: more, global } }
}
function headers(changed: NonNullable<Policy['headers']>): Fault {
  return { policy: { headers: { ...soundPolicy.headers, ...changed } } }
}
function tokens(changed: Partial<NonNullable<Policy['tokens']>>): Fault {
  return { policy: { tokens: { ...soundPolicy.tokens, ...changed } } }
}
function webhooks(changed: Partial<NonNullable<Policy['webhooks']>>): Fault {
  return { policy: { webhooks: { ...soundPolicy.webhooks, ...changed } } }
}
function abuse(changed: Partial<NonNullable<Policy['abuse']>>): Fault {
  return { policy: { abuse: { ...soundPolicy.abuse, ...changed } } }
}
function sockets(changed: Partial<NonNullable<Policy['sockets']>>): Fault {
  return { policy: { sockets: { ...soundPolicy.sockets, ...changed } } }
}

describe('the configuration', () => {
  it('a sound one has no finding, and everything was judged', async () => {
    const report = await examine()
    expect(report.findings).toEqual([])
    expect(report).toMatchObject({ ok: true, production: true, skipped: [] })
    expect(report.passed.toSorted()).toEqual(Object.keys(configurationChecks).toSorted())
  })

  it.each(faults)('%s: %s', async (code, _name, fault, sign) => {
    const { findings, ok } = await examine(fault)
    expect([...new Set(findings.map((finding) => finding.code))]).toEqual([code])
    expect(findings.map(({ place, detail }) => `${place}: ${detail}`).join('\n')).toMatch(sign)
    expect(ok).toBe(findings.every(({ severity }) => severity === 'notice'))
    expect(findings[0]?.help).toBe(`docs/guard-doctor.md#${code.toLowerCase()}`)
  })

  it('GUARD-038 and GUARD-041: a sign-in door without lockout, no penalties', async () => {
    const { lockout: _, penalties: __, ...rest } = soundPolicy
    const report = await doctor({ policy: rest, facts: soundFacts })
    expect(report.findings.map(({ code, place }) => [code, place])).toEqual([
      ['GUARD-038', 'doors.sign-in'],
      ['GUARD-041', 'penalties'],
    ])
  })

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['a door that is null', { ...soundPolicy, doors: { d: null } }],
    ['no transport', { ...soundPolicy, transport: undefined }],
  ])(
    'GUARD-009: of a policy that is %s every problem is named, and nothing else is judged',
    async (_, policy) => {
      // What plain JavaScript may hand over.
      const report = await doctor({ policy: policy as Policy, facts: soundFacts })
      expect(new Set(report.findings.map(({ code }) => code))).toEqual(new Set(['GUARD-009']))
      expect([report.ok, report.passed]).toEqual([false, []])
      expect(report.skipped.length).toBe(Object.keys(configurationChecks).length - 1)
    },
  )

  it('GUARD-043: a door for nothing but reports of browsers is open to other sites by nature', async () => {
    const reports = {
      authentication: 'none',
      crossSite: 'accept',
      strangers: [byAddress],
      onStoreFailure: 'local',
    } as const
    const policy = {
      ...soundPolicy,
      doors: { ...soundPolicy.doors, reports },
      routes: { ...soundPolicy.routes, 'POST /csp-reports': 'reports' },
    } as const
    expect((await doctor({ policy, facts: soundFacts })).findings).toEqual([])
    const routes = { ...policy.routes, 'POST /more': 'reports' } as const
    const { findings } = await doctor({ policy: { ...policy, routes }, facts: soundFacts })
    expect(findings.map(({ code }) => code)).toEqual(['GUARD-043'])
  })

  it('GUARD-036: without any routes a door is judged by what it is', async () => {
    const { routes: _, ...bare } = soundPolicy
    const open = { authentication: 'none', strangers: [byAddress], onStoreFailure: 'allow' } as const
    const doors = {
      ...bare.doors,
      asset: { ...open, serves: 'asset' },
      api: open,
      mine: { ...open, authentication: 'session', actors: [byKey] },
    } as const
    const { findings } = await doctor({ policy: { ...bare, doors }, facts: soundFacts })
    expect(findings.map(({ code, place }) => `${code} ${place}`)).toEqual([
      'GUARD-036 doors.api.onStoreFailure',
      'GUARD-036 doors.mine.onStoreFailure',
    ])
  })

  it('GUARD-005: versions to come are judged by what is known of their kind', async () => {
    for (const [nodeVersion, count] of [
      ['v28.0.0', 0],
      ['v29.1.0', 1],
      ['unknown', 1],
    ] as const) {
      const { findings } = await examine({ facts: { nodeVersion } })
      expect(findings.length).toBe(count)
    }
    const { nodeVersion: _, ...rest } = soundFacts
    expect((await doctor({ policy: soundPolicy, facts: rest })).findings).toEqual([])
  })

  it('GUARD-013: what operators own may be wide', async () => {
    const trustedProxies = [
      'loopback',
      'private',
      '10.0.0.0/8',
      'fd00::/8',
      '203.0.113.0/24',
      '2001:db8::/32',
      '192.0.2.1',
    ]
    const { findings } = await examine({ policy: { clientAddress: { trustedProxies } } })
    expect(findings).toEqual([])
  })

  it('GUARD-045: a store that does not answer', async () => {
    const store = createMemoryLimitStore({ clock })
    const take = () => Promise.reject(new Error('ECONNREFUSED'))
    const guard = createGuard({ policy: soundPolicy, store: { ...store, take }, clock })
    const { findings } = await doctor({ guard, facts: soundFacts })
    expect(findings.map(({ code }) => code)).toEqual(['GUARD-045', 'GUARD-090'])
    expect(JSON.stringify(findings)).not.toContain('ECONNREFUSED')
  })

  it('GUARD-072: a sender that proves little is told, and does not fail', async () => {
    const report = await examine({
      policy: { webhooks: { senders: { bot: { provider: 'telegram' } } } },
      facts: { webhookSecrets: { bot: 1 } },
    })
    expect(report.findings).toMatchObject([{ code: 'GUARD-072', severity: 'notice' }])
    expect(report.ok).toBe(true)
  })

  it('GUARD-051: the development variant of the content policy in production', async () => {
    const policy = {
      ...soundPolicy,
      headers: { ...soundPolicy.headers, pageCsp: { development: true, reportTo: 'csp' } },
    }
    const codes = (await doctor({ policy, facts: soundFacts })).findings.map(({ code }) => code)
    // The policy itself cannot be used either.
    expect(codes).toEqual(['GUARD-009', 'GUARD-051'])
  })

  it('every code has a fault in this file', () => {
    const tested = new Set([
      ...faults.map(([code]) => code),
      'GUARD-038',
      'GUARD-041',
      'GUARD-045',
      'GUARD-072',
    ])
    expect([...tested].toSorted()).toEqual(Object.keys(configurationChecks).toSorted())
  })

  it('what was not told is not judged, and the report says so', async () => {
    const {
      lockout: _,
      tokens: __,
      webhooks: ___,
      sockets: ____,
      routes: _____,
      abuse: ______,
      ...bare
    } = soundPolicy
    const { skipped, findings, passed } = await doctor({ policy: bare })
    const whys = Object.fromEntries(skipped.map(({ code, why }) => [code, why]))
    expect(whys).toMatchObject({
      'GUARD-001': 'it was not told (facts.secrets)',
      'GUARD-030': 'switches belong to a guard, and only a policy was given',
      'GUARD-031': 'it was not told (facts.processes)',
      'GUARD-040': 'the policy has no lockout',
      'GUARD-044': 'no routes are known',
      'GUARD-060': 'the policy has no tokens',
      'GUARD-070': 'the policy has no webhooks',
      'GUARD-080': 'the policy has no sockets',
      'GUARD-085': 'the policy has no abuse',
      'GUARD-090': 'events belong to a guard, and only a policy was given',
    })
    expect(findings).toEqual([])
    expect(passed.length + skipped.length).toBe(Object.keys(configurationChecks).length)
  })

  it('in development what only strangers could abuse is not judged', async () => {
    const policy: Policy = {
      ...soundPolicy,
      browser: {
        origins: [
          'http://localhost:3000',
          'http://127.0.0.1:3000',
          'http://[::1]:3000',
          'http://a.localhost',
        ],
      },
      transport: { plainHttp: 'allow' },
      cors: { origins: ['http://localhost:8080'] },
    }
    const { production, findings, skipped } = await doctor({ policy, facts: soundFacts })
    expect([production, findings]).toEqual([false, []])
    expect(skipped.map(({ code, why }) => `${code} ${why}`)).toEqual(
      expect.arrayContaining(['GUARD-015 only in production', 'GUARD-050 only in production']),
    )
  })

  it('repeats no secret', async () => {
    const report = await examine({
      facts: { secrets: { ONE: strong, TWO: strong, THREE: 'hunter2hunter2' } },
    })
    expect(JSON.stringify(report)).not.toMatch(/q8Zr1v|hunter2/)
  })
})
