// `guard explain`: which door a request meets, its limits, who may pass, and what each would be answered.
import { METHODS } from 'node:http'
import { systemClock } from '../clock.ts'
import { createGuard, type Guard } from '../kernel/create-guard.ts'
import type { ExplainedAnswer, ExplainedLimit, Explanation } from '../kernel/explain.ts'
import { createMemoryLimitStore } from '../limits/memory-limit-store.ts'
import type { Policy } from '../policy/policy.ts'
import { type Command, textOption, usageError } from './command.ts'
import { appHelp, loadApp } from './load-app.ts'

/** The command. */
export const explainCommand: Command = {
  name: 'explain',
  usage: 'guard explain METHOD PATH --app FILE [--json]',
  summary: 'Say which door a request meets, its limits, its access rule and its answer',
  details: [
    ...appHelp,
    '              Routes come from the policy (routes) and from adapters that have been given the framework’s own,',
    '              so a module that builds its server before it exports the guard explains more.',
    '--json        The whole explanation as data.',
    '',
    'Nothing is sent, charged or logged: the answers come from the kernel itself, run on the side.',
    '',
    'Example: guard explain POST /api/v1/jobs --app ./server.ts',
  ],
  words: ['a method, such as GET', 'a path, such as /api/v1/jobs'],
  options: { app: { type: 'string' }, json: { type: 'boolean' } },
  async run(input) {
    const [method = '', path = ''] = input.words
    const app = textOption(input, 'app')
    if (app === undefined) throw usageError('Say which application: --app FILE.')
    if (!/^[A-Za-z]{1,20}$/.test(method)) throw usageError(`${JSON.stringify(method)} is no HTTP method.`)
    if (!path.startsWith('/')) throw usageError(`A path begins with a slash: /${path}`)
    const { policy, guard = onMemory(policy) } = await loadApp(app, input.folder)
    const asked = method.toUpperCase()
    const methods = methodsOf(guard, path)
    if (!METHODS.includes(asked)) {
      const known =
        methods.length === 0 ? 'Nothing is served there.' : `${path} is served for ${methods.join(', ')}.`
      throw usageError(`${asked} is no HTTP method. ${known}`)
    }
    const explanation = guard.explain(asked, path)
    input.terminal.out(
      input.options.json === true ? JSON.stringify(explanation, null, 2) : explained(explanation, methods),
    )
    return 0
  },
}

/** Nothing is charged, so it does not matter where limits are counted. */
function onMemory(policy: Policy): Guard {
  return createGuard({ policy, store: createMemoryLimitStore({ clock: systemClock }) })
}

/** Methods with a route at that path. */
function methodsOf(guard: Guard, path: string): readonly string[] {
  const methods = new Set(guard.routes.list().map(({ method }) => method))
  if (methods.has('GET')) methods.add('HEAD')
  return [...methods].filter((method) => guard.routes.find(method, path).route !== undefined).sort()
}

function explained(it: Explanation, methods: readonly string[]): string {
  const others = methods.length === 0 ? '' : ` (this path is served for ${methods.join(', ')})`
  const rows: [string, string][] = [
    ['request', `${it.method} ${it.path}`],
    ['route', it.route ?? `none matches${others}`],
    ['door', `${it.door} (${it.serves})`],
    [
      'who',
      it.credentials.length === 0 ? 'everybody' : `${it.authentication}: ${it.credentials.join(' or ')}`,
    ],
    ...(it.scopes.length === 0 ? [] : [['scopes', it.scopes.join(' and ')] satisfies [string, string]]),
    ...limitRows(it),
    ['other sites', it.crossSite === 'refuse' ? 'may not start unsafe requests' : 'may send requests'],
    ['transport', it.transport === 'any' ? 'HTTP or HTTPS' : 'HTTPS only'],
    ['store fails', whenStoreFails[it.onStoreFailure]],
    ...Object.entries(it.lowered).map(([name, mode]): [string, string] => ['lowered', `${name}: ${mode}`]),
    ['answers', `stranger: ${answer(it.answers.stranger)}`],
    ['', `over plain HTTP: ${answer(it.answers.plainHttp)}`],
    ['', `started by another site: ${answer(it.answers.crossSite)}`],
  ]
  const width = Math.max(12, ...rows.map(([name]) => name.length)) + 1
  return rows.map(([name, text]) => `${name.padEnd(width)}${text}`).join('\n')
}

const whenStoreFails = {
  deny: 'refused with 503',
  local: 'counted in each process by itself',
  allow: 'passes uncounted',
} as const

function limitRows({ limits }: Explanation): [string, string][] {
  if (limits.unlimited !== undefined) return [['limits', `none: ${limits.unlimited}`]]
  const rows = limits.strangers.map((limit): [string, string] => ['strangers', amount(limit)])
  for (const [plan, actors] of Object.entries(limits.actors)) {
    for (const limit of actors) rows.push([`plan ${plan}`, amount(limit)])
  }
  return rows
}

function amount({ name, by, quota, windowMs, burst, cost }: ExplainedLimit): string {
  const atOnce = burst === quota ? '' : `, ${burst} at once`
  const price = cost === 1 ? '' : `, ${cost} per request`
  return `${quota} per ${duration(windowMs)} by ${by.join(' and ')}${atOnce}${price} (${name})`
}

function duration(ms: number): string {
  for (const [unit, length] of Object.entries({
    day: 86_400_000,
    hour: 3_600_000,
    minute: 60_000,
    second: 1000,
  })) {
    if (ms % length === 0) return ms === length ? unit : `${ms / length} ${unit}s`
  }
  return `${ms} ms`
}

function answer({ status, code, location }: ExplainedAnswer): string {
  if (status === 200) return 'passes'
  return `${status} ${code}${location === undefined ? '' : ` → ${location}`}`
}
