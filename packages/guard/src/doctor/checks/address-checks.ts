// Who is calling, and over what: the facts every other protection builds on.
import { compileRanges, namedRanges } from '../../address/cidr.ts'
import { parseIp } from '../../address/ip.ts'
import { type ConfigurationChecks, ifTold, onlyInProduction, sign, signIf } from '../check.ts'
import { isThisMachine } from '../this-machine.ts'

/** Widest range outside private networks that can be one operator's proxies: a large CDN's published blocks. */
const widestPrefix = { 4: 12, 6: 28 } as const

const ownNetworks = Object.values(namedRanges)
  .flat()
  .map((range) => ({ prefix: Number(range.split('/')[1]), ranges: compileRanges([range]) }))

export const addressChecks: ConfigurationChecks = {
  'GUARD-010': {
    title: 'Plain HTTP is allowed at an address that others can reach',
    severity: 'critical',
    explanation:
      'Cookies, keys and passwords travel readable by everybody on the way, and answers can be changed.',
    fix: "Set transport to { plainHttp: 'require-https', publicOrigin: 'https://…' } and put TLS in front.",
    run: ({ policy }) => {
      if (policy.transport.plainHttp !== 'allow') return []
      const reachable = policy.browser.origins.filter((origin) => !isThisMachine(origin))
      return reachable.map((origin) =>
        sign('transport.plainHttp', `${origin} is served without requiring HTTPS.`),
      )
    },
  },
  'GUARD-012': {
    title: 'Requests come through a proxy that is not trusted',
    severity: 'critical',
    explanation:
      'Everybody has the proxy’s address: one caller uses up the limits of all, and HTTPS that ends at the proxy is not seen.',
    fix: 'Name the proxy in clientAddress.trustedProxies, as narrowly as possible.',
    run: ({ policy, facts }) =>
      ifTold('forwardedHeadersSeen', facts.forwardedHeadersSeen, (seen) =>
        signIf(
          seen && policy.clientAddress.trustedProxies.length === 0,
          'clientAddress.trustedProxies',
          'Forwarded headers arrive and nobody is trusted to send them.',
        ),
      ),
  },
  'GUARD-013': {
    title: 'Too many addresses are trusted as proxies',
    severity: 'critical',
    explanation:
      'Whoever sends from a trusted address chooses the client’s address by writing X-Forwarded-For: limits and lockouts count what they like.',
    fix: 'List the proxies themselves: single addresses, or the blocks that their operator publishes.',
    run: ({ policy }) =>
      policy.clientAddress.trustedProxies
        .filter(isTooWide)
        .map((range) => sign('clientAddress.trustedProxies', `${range} holds strangers too.`)),
  },
  'GUARD-014': {
    title: 'IPv6 clients are counted by single address',
    severity: 'warning',
    explanation: 'One subscriber has at least a /64: 18 quintillion addresses, each with a quota of its own.',
    fix: 'Leave clientAddress.ipv6Prefix at 64, or lower it.',
    run: ({ policy }) => {
      const prefix = policy.clientAddress.ipv6Prefix ?? 64
      return signIf(
        prefix > 64,
        'clientAddress.ipv6Prefix',
        `/${prefix} is part of one subscriber’s network.`,
      )
    },
  },
  'GUARD-015': {
    title: 'Pages of localhost count as our own',
    severity: 'warning',
    explanation: 'On a visitor’s machine localhost is whatever runs there.',
    fix: 'List localhost in development only.',
    run: ({ policy, production }) =>
      production
        ? policy.browser.origins
            .filter(isThisMachine)
            .map((origin) => sign('browser.origins', `${origin} is in the list.`))
        : onlyInProduction,
  },
  'GUARD-016': {
    title: 'Requests that do not say where they come from are believed',
    severity: 'warning',
    explanation:
      'A request with a cookie but neither Fetch Metadata nor Origin may have been started by any site in an old browser.',
    fix: "Set browser.unknown to 'deny' (the default).",
    run: ({ policy }) => signIf(policy.browser.unknown === 'allow', 'browser.unknown', 'It is allow.'),
  },
}

function isTooWide(entry: string): boolean {
  const name = entry.trim()
  const [address = '', suffix] = name.split('/')
  const ip = parseIp(address)
  // Named sets and single addresses are never too wide; what is none of these is GUARD-009.
  if (ip === undefined || suffix === undefined) return false
  if (Number(suffix) >= widestPrefix[ip.family]) return false
  // Inside a private network a wide range is still the operator's own.
  return !ownNetworks.some(({ prefix, ranges }) => Number(suffix) >= prefix && ranges.has(ip))
}
