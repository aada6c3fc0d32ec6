// Probes of what strangers can find out or push in: diagnostics, files, stacks, TRACE, sockets, large bodies.
import { type Sign, sign } from '../check.ts'
import { type ProbeChecks, together } from './visit.ts'

/** Where frameworks and platforms put what operators look at. */
const diagnosticPaths = [
  ...['/health', '/healthz', '/health/live', '/health/ready', '/ready', '/readyz', '/livez', '/status'],
  ...['/metrics', '/info', '/version', '/env', '/debug', '/debug/vars', '/debug/pprof', '/server-status'],
  ...['/actuator', '/actuator/env', '/actuator/health', '/api/health', '/api/status', '/_status'],
] as const
/** Words that only an operator needs. */
const details =
  /"?(version|uptime|memory|rss|heap\w*|pid|hostname|node_?env|env|cpu|load\w*|database_?url|dsn|redis|postgres\w*|stack|commit|branch)"?\s*[:=]|^# (HELP|TYPE) |process_(cpu|resident)/im

/** Files that deployments leave lying about, and what proves that it is the file and no friendly page. */
const leftFiles = [
  ['/.env', /^\s*[A-Z][A-Z0-9_]+\s*=/m],
  ['/.git/HEAD', /^ref: refs\//],
  ['/.git/config', /\[core\]/],
  ['/package.json', /"dependencies"|"name"\s*:/],
  ['/server.ts', /\bimport\b.*\bfrom\b/],
] as const

/** Traces of the inside: stack frames, paths of modules, texts of databases. */
const internals =
  /\bat (?:async )?[\w$.<>[\] ]+ \(?(?:file:|node:|\/|[A-Z]:\\)|node_modules\/|(?:^|\W)(?:\/\w+){2,}\.[cm]?[jt]s:\d+|SQLITE_[A-Z]+|ECONNREFUSED|syntax error at or near|Traceback \(most recent/

/** More than the buffers of two sockets hold together: who answers before the end has not taken it all. */
const largeBody = 24 * 1024 * 1024

export const exposureProbes: ProbeChecks = {
  'GUARD-116': {
    title: 'Strangers are shown diagnostics',
    severity: 'warning',
    explanation:
      'Versions, host names, memory and the state of databases tell an attacker where to push and whether it works.',
    fix: 'Answer strangers with a bare status; put details behind a door that knows its callers.',
    async run({ ask }) {
      const shown: Sign[] = []
      for (const path of diagnosticPaths) {
        const answer = await ask({ path })
        if (answer?.status !== 200 || /text\/html/.test(answer.headers['content-type'] ?? '')) continue
        const word = details.exec(answer.body)
        if (word !== null)
          shown.push(sign(`GET ${path}`, `It shows ${word[0].replaceAll(/["\s:=#]+/g, ' ').trim()}.`))
      }
      return shown
    },
  },
  'GUARD-117': {
    title: 'Files are served that nobody should see',
    severity: 'critical',
    explanation: 'Secrets and source code, for whoever asks for names that everybody knows.',
    fix: 'Serve one folder made for the public, and nothing that begins with a dot.',
    async run({ ask }) {
      const found: Sign[] = []
      for (const [path, proof] of leftFiles) {
        const answer = await ask({ path })
        if (answer?.status === 200 && proof.test(answer.body))
          found.push(sign(`GET ${path}`, 'It is served.'))
      }
      return found
    },
  },
  'GUARD-118': {
    title: 'A page of another site may open a socket',
    severity: 'critical',
    explanation:
      'Browsers send cookies along with the upgrade whatever page asks, and no CORS rule applies: the page speaks as the visitor.',
    fix: 'Check the Origin before the upgrade: guardSocketIo does; Socket.IO’s cors setting does not.',
    async run({ ask, paths }) {
      const open: Sign[] = []
      for (const path of paths.sockets) {
        const answer = await ask({
          path,
          headers: {
            connection: 'Upgrade',
            upgrade: 'websocket',
            'sec-websocket-version': '13',
            'sec-websocket-key': Buffer.from('guard-doctor-key').toString('base64'),
            'sec-fetch-site': 'cross-site',
            origin: 'https://guard-doctor.invalid',
            cookie: 'session=guard-doctor',
          },
        })
        if (answer?.status === 101)
          open.push(sign(`GET ${path}`, 'The upgrade was accepted from another site.'))
      }
      return open
    },
  },
  'GUARD-119': {
    title: 'Bodies of any size are taken',
    severity: 'critical',
    explanation: 'A few clients that send large bodies fill the memory, without signing in.',
    fix: 'Limit the body (Fastify: bodyLimit, Express: limit of the parser) and refuse strangers before reading it.',
    async run({ ask, paths }) {
      const taken: string[] = []
      for (const path of paths.post) {
        const headers = { 'content-type': 'application/json' }
        const answer = await ask({ method: 'POST', path, headers, bodyBytes: largeBody })
        if (answer?.tookAll === true && answer.status !== 413) taken.push(`POST ${path}`)
      }
      return together(taken, `${largeBody / 1_048_576} MiB were read to the end.`)
    },
  },
  'GUARD-120': {
    title: 'TRACE is answered',
    severity: 'warning',
    explanation: 'It repeats the request’s headers, those that a proxy added included.',
    fix: 'Answer it with 405 or 404.',
    async run({ ask, seen }) {
      const path = seen[0]?.path ?? '/'
      const answer = await ask({ method: 'TRACE', path })
      return answer !== undefined && answer.status < 300 ? [sign(`TRACE ${path}`, `${answer.status}.`)] : []
    },
  },
  'GUARD-121': {
    title: 'Errors show the inside',
    severity: 'warning',
    explanation:
      'Stacks, paths and texts of databases name the software and its versions, and tell whether an injection works.',
    fix: 'Translate every error at the edge into a document with a stable code, and keep the stack in the log.',
    async run({ ask, paths, seen }) {
      const json = { 'content-type': 'application/json' }
      const path = paths.post[0] ?? paths.unknown
      const requests = [
        { path: paths.unknown },
        { path: '/%E0%A4%A' },
        { path: `/${'a'.repeat(4_000)}` },
        { path: `${seen[0]?.path ?? '/'}?id=%00&id[]=1&id[__proto__]=x'"` },
        { method: 'POST', path, headers: json, body: '{"broken' },
        { method: 'POST', path, headers: json, body: '{"__proto__":{"a":1},"constructor":null}' },
        { method: 'POST', path, headers: { 'content-type': 'text/guard-doctor' }, body: '<x>' },
      ]
      const leaking: string[] = []
      for (const request of requests) {
        const answer = await ask(request)
        if (answer !== undefined && internals.test(answer.body)) {
          leaking.push(`${request.method ?? 'GET'} ${request.path.slice(0, 40)}`)
        }
      }
      return together(leaking, 'The answer holds a stack, a path or a database’s own text.')
    },
  },
  'GUARD-128': {
    title: 'An offered upgrade is left without an answer',
    severity: 'critical',
    explanation:
      'Whoever listens for upgrades is handed the connection past every door. Left open, it holds a file descriptor and the stop of the server for as long as a stranger likes; Next.js does so on a server that it was given.',
    fix: 'Where nothing speaks WebSockets: shouldUpgradeCallback: () => false (node:http; Fastify: http). Otherwise answer every upgrade that is not taken, and destroy its socket.',
    async run({ ask, seen }) {
      const path = seen[0]?.path
      if (path === undefined) return []
      const headers = {
        connection: 'Upgrade, HTTP2-Settings',
        upgrade: 'h2c',
        'http2-settings': 'AAMAAABkAAQAAP__',
      }
      const answer = await ask({ path, headers })
      return answer === undefined ? [sign(`GET ${path} with Upgrade: h2c`, 'No answer came.')] : []
    },
  },
}
