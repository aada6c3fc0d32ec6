// What browsers are told: headers of every answer, and which other sites may read them.
import { type ConfigurationChecks, onlyInProduction, type Sign, sign, signIf } from '../check.ts'
import { isThisMachine } from '../this-machine.ts'

const oneYear = 31_536_000
/** Headers that stop an attack; the rest of the set is a courtesy. */
const protecting: ReadonlySet<string> = new Set([
  'content-security-policy',
  'x-content-type-options',
  'x-frame-options',
  'referrer-policy',
  'strict-transport-security',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
])
/** Sources that everybody can serve from. */
const anywhere = /^(\*|https?:|wss?:|data:|blob:|filesystem:)$/

export const browserChecks: ConfigurationChecks = {
  'GUARD-050': {
    title: 'Browsers are not held to HTTPS',
    severity: 'warning',
    explanation:
      'Without HSTS the first request of a visit may go over plain HTTP, where anybody on the way can answer it.',
    fix: 'Leave headers.hstsMaxAgeSeconds out (one year) or set at least 31536000.',
    run: ({ policy, production }) => {
      const seconds = policy.headers?.hstsMaxAgeSeconds ?? oneYear
      return production
        ? signIf(seconds < oneYear, 'headers.hstsMaxAgeSeconds', `It is ${seconds}.`)
        : onlyInProduction
    },
  },
  'GUARD-051': {
    title: 'The content policy of pages is weakened',
    severity: 'critical',
    explanation:
      'One place where text becomes markup is then enough to run an attacker’s script, or to send data to them.',
    fix: 'Name exact origins, use the nonce for what is inline, and keep the development variant out of production.',
    run: ({ policy, production }) => {
      const csp = policy.headers?.pageCsp
      const signs: Sign[] = []
      if (csp?.development === true && production) {
        signs.push(sign('headers.pageCsp.development', 'It allows evaluation and inline styles.'))
      }
      for (const [directive, sources] of Object.entries(csp?.add ?? {})) {
        for (const source of sources.filter((it) => isWide(directive, it))) {
          signs.push(sign(`headers.pageCsp.add.${directive}`, `${source} stands for everybody.`))
        }
      }
      return signs
    },
  },
  'GUARD-052': {
    title: 'A security header is removed or weakened by an override',
    severity: 'critical',
    explanation: 'Overrides come last: what they say is what every answer of every door says.',
    fix: 'Remove the entry from headers.override.',
    run: ({ policy }) =>
      Object.entries(policy.headers?.override ?? {}).flatMap(([name, value]) => {
        const wrong = weakness(name, value)
        return wrong === undefined ? [] : [sign(`headers.override.${name}`, wrong)]
      }),
  },
  'GUARD-053': {
    title: 'The referrer policy tells other sites everything',
    severity: 'warning',
    explanation:
      'Paths and queries of pages, links with tokens in them included, are sent along to sites they link to.',
    fix: "Leave headers.referrerPolicy at 'strict-origin-when-cross-origin' or stricter.",
    run: ({ policy }) => {
      const told = policy.headers?.referrerPolicy === 'no-referrer-when-downgrade'
      return signIf(told, 'headers.referrerPolicy', 'It is no-referrer-when-downgrade.')
    },
  },
  'GUARD-054': {
    title: 'Nobody hears of violations of the content policy',
    severity: 'notice',
    explanation: 'Browsers would report injected scripts, and pages that the policy breaks.',
    fix: 'Set headers.reportingEndpoints and headers.pageCsp.reportTo.',
    run: ({ policy }) => {
      const pages = Object.values(policy.doors).some(({ serves }) => serves === 'page')
      const told = policy.headers?.pageCsp?.reportTo !== undefined
      return pages ? signIf(!told, 'headers.pageCsp.reportTo', 'It is not set.') : 'no door serves pages'
    },
  },
  'GUARD-020': {
    title: 'CORS lets in localhost',
    severity: 'critical',
    explanation:
      'On a visitor’s machine localhost is whatever runs there, and it reads answers as our own pages do.',
    fix: 'List exact https:// origins only; leave localhost to development.',
    run: ({ policy, production }) =>
      production
        ? (policy.cors?.origins ?? [])
            .filter(isThisMachine)
            .map((origin) => sign('cors.origins', `${origin} is in the list.`))
        : onlyInProduction,
  },
  'GUARD-021': {
    title: 'Other origins act with the visitor’s session',
    severity: 'notice',
    explanation:
      'A flaw in any page of these origins is a flaw of this one: it can do all that the visitor can.',
    fix: 'Keep the list short; leave cors.credentials out where a key or token in a header will do.',
    run: ({ policy }) =>
      policy.cors?.credentials === true
        ? policy.cors.origins.map((origin) => sign('cors.credentials', `${origin} may send cookies.`))
        : [],
  },
}

/** Pictures may be data; a script, a frame, a form or a connection may not lead just anywhere. */
function isWide(directive: string, source: string): boolean {
  if (['img-src', 'font-src', 'media-src'].includes(directive)) return source === '*' || source === 'http:'
  return anywhere.test(source)
}

function weakness(name: string, value: string | null): string | undefined {
  if (value === null) return protecting.has(name) ? 'It is removed.' : undefined
  switch (name) {
    case 'content-security-policy':
      return /(?:script|default)-src[^;]*\s(?:\*|https?:|data:)(?:[\s;]|$)/.test(value)
        ? 'It allows scripts of any site.'
        : undefined
    case 'x-content-type-options':
      return value.toLowerCase() === 'nosniff' ? undefined : 'Only nosniff means anything.'
    case 'x-frame-options':
      return /^(deny|sameorigin)$/i.test(value) ? undefined : 'Browsers ignore this value.'
    case 'referrer-policy':
      return /unsafe-url|no-referrer-when-downgrade/.test(value)
        ? 'Whole addresses go to other sites.'
        : undefined
    case 'strict-transport-security': {
      const seconds = Number(/max-age=(\d+)/.exec(value)?.[1] ?? 0)
      return seconds >= oneYear ? undefined : 'It holds for less than a year.'
    }
    case 'cross-origin-opener-policy':
    case 'cross-origin-resource-policy':
      return /^(same-origin|same-site|same-origin-allow-popups)$/.test(value)
        ? undefined
        : 'It protects nothing.'
    case 'x-xss-protection':
      return value === '0' ? undefined : 'The old filter can be turned against pages.'
    default:
      return undefined
  }
}
