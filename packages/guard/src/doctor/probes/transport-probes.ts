// Probes of the way in: plain HTTP, redirects, HSTS, clock.
import { onlyInProduction, signIf } from '../check.ts'
import { type ProbeChecks, refusesPlainHttp, together, type Visit } from './visit.ts'

/** Why plain HTTP does not matter here. */
function noMatter({ client, production }: Visit): string | undefined {
  if (client.origin.protocol !== 'http:') return 'the address given is https://'
  return production ? undefined : onlyInProduction
}

const oneYear = 31_536_000
const largestSkewMs = 5_000
const foreignHost = 'guard-doctor.invalid'

export const transportProbes: ProbeChecks = {
  'GUARD-102': {
    title: 'Plain HTTP is answered',
    severity: 'critical',
    explanation: 'Keys and cookies that clients send this way are readable by everybody on the way.',
    fix: "Set transport.plainHttp to 'require-https'; behind a TLS proxy, trust that proxy so that its protocol is believed.",
    async run(visit) {
      const why = noMatter(visit)
      if (why !== undefined) return why
      const { client, seen, paths } = visit
      const served: string[] = []
      for (const { path } of seen) {
        if (paths.mayBePlain(path)) continue
        const answer = await client.send({ path })
        if (answer !== undefined && !refusesPlainHttp(answer)) served.push(`GET ${path}`)
      }
      return together(served, 'It is answered over plain HTTP.')
    },
  },
  'GUARD-103': {
    title: 'An API door redirects plain HTTP instead of refusing it',
    severity: 'warning',
    explanation:
      'Programs follow silently and send their key in the clear first, every time, and nobody notices.',
    fix: "Refuse plain HTTP at API doors (serves: 'api'); redirect pages only.",
    async run(visit) {
      const why = noMatter(visit)
      if (why !== undefined) return why
      const { client, seen, behindProxy } = visit
      if (!behindProxy) return 'plain HTTP is answered'
      const redirected: string[] = []
      for (const { path, answer } of seen) {
        if (isPage(answer.headers['content-type'])) continue
        const plain = await client.send({ path })
        if (plain !== undefined && plain.status >= 300 && plain.status < 400) redirected.push(`GET ${path}`)
      }
      return together(redirected, 'It answers plain HTTP with a redirect.')
    },
  },
  'GUARD-104': {
    title: 'A redirect leads where the request says',
    severity: 'critical',
    explanation:
      'The Host header is the client’s own text: with it in a redirect, caches and links in mail can be made to lead to another site.',
    fix: 'Build absolute addresses from transport.publicOrigin.',
    async run({ client, seen, ask }) {
      const led: string[] = []
      for (const { path } of seen.slice(0, 4)) {
        const headers = { host: foreignHost, 'x-forwarded-host': foreignHost }
        for (const send of [client.send, ask]) {
          const answer = await send({ path, headers })
          if (answer?.headers.location?.includes(foreignHost) === true) led.push(`GET ${path}`)
        }
      }
      return together([...new Set(led)], 'Location repeats the request’s Host.')
    },
  },
  'GUARD-105': {
    title: 'Answers do not hold browsers to HTTPS',
    severity: 'warning',
    explanation: 'Without Strict-Transport-Security the first request of a visit may go over plain HTTP.',
    fix: 'Send the guard’s headers on every answer, or Strict-Transport-Security: max-age=31536000; includeSubDomains.',
    async run({ client, behindProxy, production, seen }) {
      if (client.origin.protocol !== 'https:' && !behindProxy) return 'nothing was answered over HTTPS'
      if (!production) return onlyInProduction
      const without = seen.filter(({ answer }) => {
        const seconds = Number(
          /max-age=(\d+)/.exec(answer.headers['strict-transport-security'] ?? '')?.[1] ?? 0,
        )
        return seconds < oneYear
      })
      return together(
        without.map(({ path }) => `GET ${path}`),
        'Strict-Transport-Security is missing or shorter than a year.',
      )
    },
  },
  'GUARD-126': {
    title: 'The server’s clock is another than this machine’s',
    severity: 'warning',
    explanation: 'Tokens and signed times are judged by it, and events cannot be lined up.',
    fix: 'Let both synchronise their clocks.',
    async run({ ask, paths }) {
      const answer = await ask({ path: paths.unknown })
      const skewMs = Math.abs(Date.parse(answer?.headers.date ?? '') - Date.now())
      // The Date header has whole seconds.
      return signIf(skewMs > largestSkewMs + 1_000, 'Date', `${Math.round(skewMs / 1000)} s apart.`)
    },
  },
}

export function isPage(type: string | undefined): boolean {
  return type?.includes('text/html') === true
}
