// The process itself: its Node, its clock, and what several processes must share.
import { type ConfigurationChecks, ifTold, type Judgement, signIf } from '../check.ts'
import type { DoctorFacts } from '../doctor-facts.ts'

/** End of security fixes by major version (github.com/nodejs/Release, schedule.json). Odd versions end sooner. */
const supportedUntil: Readonly<Record<number, string>> = {
  20: '2026-04-30',
  22: '2027-04-30',
  24: '2028-04-30',
  26: '2029-04-30',
}

const newestKnown = Math.max(...Object.keys(supportedUntil).map(Number))

/** Tokens and signed times are judged with less leeway than this. */
const largestSkewMs = 5_000

export const runtimeChecks: ConfigurationChecks = {
  'GUARD-005': {
    title: 'This Node gets no security fixes any more',
    severity: 'warning',
    explanation:
      'Flaws of the HTTP parser, of TLS and of the runtime are published with every release that mends them.',
    fix: 'Run a version in long-term support.',
    run: ({ facts, nowMs }) => {
      const version = facts.nodeVersion ?? process.version
      const major = Number(/^v?(\d+)\./.exec(version)?.[1])
      const end = supportedUntil[major]
      // Newer even versions than this table knows are supported; odd ones live for half a year.
      if (end === undefined && major > newestKnown && major % 2 === 0) return []
      const supported = end !== undefined && nowMs <= Date.parse(end)
      return signIf(!supported, 'node', `${version} is out of support.`)
    },
  },
  'GUARD-006': {
    title: 'The clock is wrong',
    severity: 'warning',
    explanation:
      'Tokens live longer or shorter than they say, fresh webhooks are refused or old ones accepted, and events cannot be lined up with those of other machines.',
    fix: 'Let the machine synchronise its clock (NTP, chrony, systemd-timesyncd).',
    run: ({ facts }) =>
      ifTold('clockSkewMs', facts.clockSkewMs, (skewMs) =>
        signIf(Math.abs(skewMs) > largestSkewMs, 'clock', `It is ${skewMs} ms off.`),
      ),
  },
  'GUARD-031': {
    title: 'Limits are counted in memory by several processes',
    severity: 'critical',
    explanation: 'Each process grants the whole quota: with N processes an attacker gets N times as much.',
    fix: 'Count in Redis or Valkey: createRedisLimitStore of @levqor/guard/redis.',
    run: ({ facts }) => unshared(facts, 'limitStore', 'limits'),
  },
  'GUARD-032': {
    title: 'Revocations stay in one process',
    severity: 'critical',
    explanation:
      'Whoever signed out, or was thrown out, is still let in by every other process until the token ends.',
    fix: 'Give all processes one revocation store and one bus.',
    run: ({ facts }) => unshared(facts, 'revocations', 'ended sessions'),
  },
  'GUARD-033': {
    title: 'Processed webhooks are remembered in one process',
    severity: 'critical',
    explanation: 'A recorded message is refused by the process that has seen it and believed by all others.',
    fix: 'Give all processes one replay store.',
    run: ({ facts }) => unshared(facts, 'replayStore', 'messages'),
  },
  'GUARD-046': {
    title: 'A full Redis forgets counts and news of ended credentials',
    severity: 'warning',
    explanation:
      'Under memory pressure the server drops keys: an attacker who fills it starts every limit anew, and a webhook that was processed is believed again.',
    fix: 'Set maxmemory-policy noeviction on the server that keeps limits, or give them one of their own.',
    run: ({ facts }) =>
      ifTold('redis', facts.redis, ({ maxmemoryPolicy: policy, maxmemoryBytes }) => {
        if (policy === undefined) return 'the server does not tell its maxmemory-policy'
        const detail = `maxmemory-policy is ${policy}${maxmemoryBytes === 0 ? ', to be met once maxmemory is set' : ''}.`
        return signIf(policy !== 'noeviction', 'redis', detail)
      }),
  },
  'GUARD-047': {
    title: 'A dead connection to Redis is never given up',
    severity: 'warning',
    explanation:
      'When the other end disappears without a word (a firewall, a failed host), commands go nowhere until the kernel gives up after minutes; meanwhile doors do what they declared for that case.',
    fix: 'Give the client a socketTimeout of a few seconds: new Redis(url, { socketTimeout: 5000 }).',
    run: ({ facts }) =>
      ifTold('redis', facts.redis, ({ socketTimeoutMs }) => {
        if (socketTimeoutMs === undefined) return 'the client does not tell its socketTimeout'
        return signIf(!(socketTimeoutMs > 0), 'redis client', 'It has no socketTimeout.')
      }),
  },
}

type Store = 'limitStore' | 'revocations' | 'replayStore'

function unshared({ processes, ...facts }: DoctorFacts, store: Store, what: string): Judgement {
  return ifTold('processes', processes, (count) =>
    ifTold(store, facts[store], (where) => {
      const detail = `${count} processes, and each knows only its own ${what}.`
      return signIf(where === 'memory' && count > 1, store, detail)
    }),
  )
}
