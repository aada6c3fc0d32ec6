// Probes of what browsers are told: security headers, CORS, cookies, caching.
import { type Sign, sign } from '../check.ts'
import type { ProbeAnswer } from './probe-client.ts'
import { isPage } from './transport-probes.ts'
import { type ProbeChecks, type Seen, together, type Visit } from './visit.ts'

export const headerProbes: ProbeChecks = {
  'GUARD-106': {
    title: 'An answer has no content policy',
    severity: 'warning',
    explanation:
      'One place where text becomes markup is enough to run an attacker’s script; an answer of an API can be opened as a page too.',
    fix: 'Send the guard’s headers on every answer.',
    run: async ({ seen }) =>
      together(lacking(seen, 'content-security-policy'), 'Content-Security-Policy is missing.'),
  },
  'GUARD-107': {
    title: 'A content policy lets scripts in',
    severity: 'critical',
    explanation:
      'With inline scripts, evaluation or scripts of any site allowed, the policy stops no injection.',
    fix: 'Use the guard’s policy: a nonce per answer and strict-dynamic.',
    run: async ({ seen }) =>
      seen.flatMap(({ path, answer }) => {
        const csp = answer.headers['content-security-policy']
        const wrong = csp === undefined ? [] : weaknesses(csp, isPage(answer.headers['content-type']))
        return wrong.length === 0 ? [] : [sign(`GET ${path}`, `${wrong.join(', ')}.`)]
      }),
  },
  'GUARD-108': {
    title: 'Browsers may guess what an answer is',
    severity: 'warning',
    explanation: 'An uploaded picture or a JSON answer can be run as a script or shown as a page.',
    fix: 'Send X-Content-Type-Options: nosniff on every answer.',
    run: async ({ seen }) =>
      together(
        seen
          .filter(({ answer }) => answer.headers['x-content-type-options']?.toLowerCase() !== 'nosniff')
          .map(({ path }) => `GET ${path}`),
        'X-Content-Type-Options: nosniff is missing.',
      ),
  },
  'GUARD-109': {
    title: 'Other sites may frame an answer',
    severity: 'warning',
    explanation: 'A visitor who clicks in what looks like the other site clicks in ours (clickjacking).',
    fix: "Send frame-ancestors 'none' in the content policy, and X-Frame-Options: DENY for old browsers.",
    run: async ({ seen }) =>
      together(
        seen
          .filter(({ answer: { headers } }) => {
            const csp = headers['content-security-policy'] ?? ''
            return !/frame-ancestors/.test(csp) && headers['x-frame-options'] === undefined
          })
          .map(({ path }) => `GET ${path}`),
        'Neither frame-ancestors nor X-Frame-Options.',
      ),
  },
  'GUARD-110': {
    title: 'Other sites learn whole addresses',
    severity: 'warning',
    explanation:
      'Paths and queries, links with tokens in them included, are sent along to sites that a page links to.',
    fix: 'Send Referrer-Policy: strict-origin-when-cross-origin or stricter.',
    run: async ({ seen }) =>
      together(
        seen
          .filter(({ answer }) =>
            /^$|unsafe-url|no-referrer-when-downgrade/.test(answer.headers['referrer-policy'] ?? ''),
          )
          .map(({ path }) => `GET ${path}`),
        'Referrer-Policy is missing or tells everything.',
      ),
  },
  'GUARD-111': {
    title: 'An answer is not kept apart from other sites',
    severity: 'warning',
    explanation:
      'Other sites may load it into their process or hold a handle on its window, and measure what is in it.',
    fix: 'Send Cross-Origin-Resource-Policy: same-origin, and Cross-Origin-Opener-Policy: same-origin with pages.',
    run: async ({ seen }) => [
      ...together(lacking(seen, 'cross-origin-resource-policy'), 'Cross-Origin-Resource-Policy is missing.'),
      ...together(
        lacking(
          seen.filter(({ answer }) => isPage(answer.headers['content-type'])),
          'cross-origin-opener-policy',
        ),
        'Cross-Origin-Opener-Policy is missing.',
      ),
    ],
  },
  'GUARD-112': {
    title: 'Answers name the software behind them',
    severity: 'warning',
    explanation: 'Whoever looks for servers with a known flaw finds this one by its name and version.',
    fix: "Remove X-Powered-By (Express: app.disable('x-powered-by')) and the version in Server.",
    run: async ({ seen }) =>
      together(
        seen
          .filter(
            ({ answer: { headers } }) =>
              headers['x-powered-by'] !== undefined || /\d/.test(headers.server ?? ''),
          )
          .map(({ path }) => `GET ${path}`),
        'X-Powered-By, or a version in Server.',
      ),
  },
  'GUARD-113': {
    title: 'CORS lets in origins that anybody can be',
    severity: 'critical',
    explanation:
      'Any page that a visitor opens can read these answers, with the visitor’s cookies if credentials are allowed.',
    fix: 'Compare the Origin with a list of exact origins; never repeat it as it came.',
    run: corsSigns,
  },
  'GUARD-122': {
    title: 'A cookie can be stolen or set by others',
    severity: 'warning',
    explanation:
      'Without HttpOnly a script reads it, without Secure the network does, without SameSite other sites send it along, without a prefix a sibling subdomain sets it.',
    fix: 'Use the guard’s cookies: __Host- (or __Secure- with a path), Secure, HttpOnly, SameSite.',
    run: async ({ cookies, production }) =>
      [...cookies].flatMap((cookie) => {
        const [name = ''] = cookie.split('=', 1)
        const wrong = cookieFaults(cookie, production)
        return wrong.length === 0 ? [] : [sign(`cookie ${name}`, `Without ${wrong.join(', ')}.`)]
      }),
  },
  'GUARD-125': {
    title: 'What only one person may see can be cached',
    severity: 'warning',
    explanation: 'A proxy, a CDN or the next user of the browser shows it to somebody else.',
    fix: 'Send Cache-Control: no-store (or private) with answers to people who are signed in.',
    async run({ seen, ask, credential }) {
      if (credential === undefined) return 'no credential was given'
      const headers = { [credential.header]: credential.value }
      const cached: string[] = []
      for (const { path, answer } of seen) {
        const own = await ask({ path, headers })
        // Only what a stranger is not shown as well.
        if (own?.status !== 200 || own.body === answer.body) continue
        if (!/no-store|private/.test(own.headers['cache-control'] ?? '')) cached.push(`GET ${path}`)
      }
      return together(cached, 'Cache-Control allows everybody to keep it.')
    },
  },
  'GUARD-127': {
    title: 'An answer does not say what it is',
    severity: 'warning',
    explanation:
      'Without Content-Type, and for text without charset, browsers decide for themselves how to read it.',
    fix: 'Send Content-Type with charset on every answer that has a body.',
    run: async ({ seen }) =>
      together(
        seen
          .filter(({ answer: { body, headers } }) => {
            const type = headers['content-type']
            return (
              body !== '' && (type === undefined || (type.startsWith('text/') && !/charset=/i.test(type)))
            )
          })
          .map(({ path }) => `GET ${path}`),
        'Content-Type or its charset is missing.',
      ),
  },
}

function lacking(seen: readonly Seen[], header: string): string[] {
  return seen.filter(({ answer }) => answer.headers[header] === undefined).map(({ path }) => `GET ${path}`)
}

function weaknesses(csp: string, page: boolean): string[] {
  const directives = new Map(
    csp.split(';').map((part) => {
      const [name = '', ...sources] = part.trim().toLowerCase().split(/\s+/)
      return [name, sources] as const
    }),
  )
  const scripts = directives.get('script-src') ?? directives.get('default-src')
  const styles = directives.get('style-src') ?? directives.get('default-src')
  const wrong = [
    ...(scripts ?? ['*']).filter((source) => /^('unsafe-(inline|eval)'|\*|https?:|data:)$/.test(source)),
    ...(styles ?? []).filter((source) => source === "'unsafe-inline'").map((source) => `style-src ${source}`),
  ]
  // Where nothing may run at all, the rest does not matter.
  if (!page || scripts?.join() === "'none'") return wrong
  if ((directives.get('object-src') ?? directives.get('default-src'))?.join() !== "'none'")
    wrong.push('object-src')
  if (!directives.has('base-uri')) wrong.push('base-uri')
  return wrong
}

async function corsSigns({ seen, ask, production }: Visit): Promise<Sign[]> {
  const origins = [
    ['https://guard-doctor.invalid', 'any origin'],
    ['null', 'the origin "null"'],
    ...(production ? [['http://localhost:1', 'localhost']] : []),
  ] as const
  const signs: Sign[] = []
  for (const { path } of seen.slice(0, 4)) {
    const open: string[] = []
    for (const [origin = '', name = ''] of origins) {
      const answer = await ask({ path, headers: { origin } })
      const preflight = await ask({
        path,
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'DELETE' },
      })
      if ([answer, preflight].some((it) => it !== undefined && lets(it, origin))) open.push(name)
    }
    if (open.length > 0) signs.push(sign(`GET ${path}`, `Lets in ${open.join(', ')}.`))
  }
  return signs
}

function lets({ headers }: ProbeAnswer, origin: string): boolean {
  const allowed = headers['access-control-allow-origin']
  return allowed === '*' || allowed === origin
}

function cookieFaults(cookie: string, production: boolean): string[] {
  const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim())
  const names = new Set(attributes.map((attribute) => attribute.split('=', 1)[0]?.toLowerCase()))
  // Clearing a cookie hands nothing out.
  if (/=$/.test(pair) || /expires=thu, 01 jan 1970|max-age=0/i.test(cookie)) return []
  const encrypted = production ? ['secure'] : []
  const wrong = ['httponly', 'samesite', ...encrypted].filter((name) => !names.has(name))
  if (production && !/^__(Host|Secure)-/.test(pair)) wrong.push('a __Host- or __Secure- prefix')
  return wrong
}
