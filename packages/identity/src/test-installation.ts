// A real installation for this package's tests: database, guard, mail outbox and a listening server.
import type { Database, SystemTransaction } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import {
  createGuard,
  createMemoryLimitStore,
  createPseudonyms,
  createSecret,
  createSecurityEvents,
  multiplyLimits,
  type SecurityEvent,
} from '@levqor/guard'
import { createLockout } from '@levqor/guard/lockout'
import { levqorDoors, levqorLimits, levqorLockout } from '@levqor/guard/presets'
import { createRevocations, createTokenKeys } from '@levqor/guard/tokens'
import { createJobStore, jobsSchema } from '@levqor/jobs'
import { createMailer, mailSchema } from '@levqor/mail'
import {
  createHttpServer,
  createLogger,
  databaseLockoutStore,
  databaseRevocationBus,
  databaseRevocationStore,
  type HttpServer,
  serverSchema,
} from '@levqor/server'
import { type ManualClock, manualClock, type TestStore } from '@levqor/testing'
import { createIdentity, type Identity, type IdentityOptions } from './create-identity.ts'
import { type FirstRun, provisionFirstRun } from './first-run/provision-first-run.ts'
import { identityRoutes } from './routes.ts'
import { identitySchema } from './schema/identity-schema.ts'
import { refreshPath } from './sessions/cookies.ts'

export const schemas = [jobsSchema, mailSchema, serverSchema, identitySchema]

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // Tests look into answers of any shape.
  // biome-ignore lint/suspicious/noExplicitAny: the point of these tests is what comes over the wire
  readonly body: any
}

export interface CallOptions {
  readonly body?: unknown
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Where the request comes from, as a trusted proxy says. Default: this machine. */
  readonly from?: string
  readonly jar?: Map<string, string>
  /** False: an expired access token stays what it is. */
  readonly renew?: boolean
}

export interface TestInstallation {
  readonly clock: ManualClock
  readonly database: Database
  readonly identity: Identity
  readonly firstRun: FirstRun
  readonly url: string
  readonly logLines: string[]
  readonly events: SecurityEvent[]
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  rows<R>(sql: string, params?: readonly (string | number)[]): Promise<R[]>
  /** A second process on the same database. */
  secondProcess(): Promise<Pick<TestInstallation, 'call' | 'identity'>>
  stop(): Promise<void>
}

const tokenSecret = (text: string) => createSecret(text, { name: 'TOKENS' })
const tokenKeys: IdentityOptions['tokenKeys'] = {
  access: createTokenKeys({
    algorithm: 'HS256',
    current: { kid: 'one', key: tokenSecret('8h0vYq2VtWm5ZkQ1rXcJpN7sLbGdEaUfToiKuRy3Cw4') },
  }),
  refresh: tokenSecret('Zx9cV7bN5mQ3wE1rT2yU4iO6pA8sDfGhJkLqWeRtYu0'),
}

/** Passwords cost next to nothing here, and everybody may register, unless the options say otherwise. */
export async function testInstallation(
  store: TestStore,
  options: Partial<Pick<IdentityOptions, 'furnishWorkspace' | 'policy' | 'providers' | 'url'>> = {},
): Promise<TestInstallation> {
  const clock = manualClock()
  const database = await store.open(schemas, { clock })
  const logLines: string[] = []
  const seen: SecurityEvent[] = []
  const log = createLogger({ level: 'trace', stream: { write: (line: string) => void logLines.push(line) } })
  const servers: HttpServer[] = []
  const identities: Identity[] = []
  const stopping: (() => Promise<void>)[] = []

  async function start() {
    const secret = createSecret('q3Zr8vN1x0LmPzT6uYwBkC5dHsJfGaEo', { name: 'TEST' })
    const pseudonyms = createPseudonyms({ secret, clock })
    const events = createSecurityEvents({
      sinks: [{ name: 'memory', write: (batch) => void seen.push(...batch) }],
      clock,
      pseudonyms,
    })
    const lockoutIn = (tx?: SystemTransaction) =>
      createLockout({
        policy: levqorLockout,
        store: databaseLockoutStore(database, tx),
        secret,
        events,
        pseudonyms,
        clock,
      })
    const lockout = lockoutIn()
    const { ids } = database
    const jobs = createJobStore({ database, clock, ids })
    const store = databaseRevocationStore(database)
    const revocations = createRevocations({ store, bus: databaseRevocationBus({ store }), clock, events })
    stopping.push(() => revocations.stop())
    const mailer = createMailer({ jobs, clock, ids })
    const identity = createIdentity({
      database,
      mailer,
      events,
      revocations,
      pseudonyms,
      attempt: lockout.attempt,
      unlock: (tx, { addressKey, ...owner }) => lockoutIn(tx).unlock({ ...owner, address: addressKey }),
      deviceKey: Buffer.alloc(32, 1),
      sealKey: Buffer.alloc(32, 2),
      tokenKeys,
      log,
      url: 'http://levqor.test',
      ...options,
      policy: {
        passwordCost: { memory: 1024, passes: 1, parallelism: 1 },
        mailSpreadMs: 0,
        registration: 'open',
        ...options.policy,
      },
    })
    const guard = createGuard({
      policy: multiplyLimits(
        {
          doors: levqorDoors,
          unmatched: 'unmatched',
          credentialGuesses: levqorLimits.credentialGuesses,
          clientAddress: { trustedProxies: ['loopback'] },
          browser: { origins: ['http://levqor.test'], unknown: 'allow' },
          transport: { plainHttp: 'allow' },
        },
        1_000,
      ),
      store: createMemoryLimitStore({ clock }),
      events,
      clock,
    })
    const server = await createHttpServer({
      guard,
      identify: identity.identify,
      revocations,
      runtime: { database, clock, ids, services: identity.services },
      routes: identityRoutes,
      log,
      checks: [],
      doors: { health: 'health', docs: 'public.page' },
      api: { title: 'Levqor', version: '0', url: 'http://levqor.test' },
      checkAnswers: true,
    })
    const port = await server.listen({ host: '127.0.0.1', port: 0 })
    servers.push(server)
    identities.push(identity)
    return { identity, call: caller(`http://127.0.0.1:${port}`), url: `http://127.0.0.1:${port}` }
  }

  const first = await start()
  const firstRun = await provisionFirstRun({
    runtime: { database, clock, ids: database.ids, services: first.identity.services },
    log,
    email: 'Admin@Example.com',
    keep: async () => undefined,
  })
  if (!firstRun) throw new Error('The first run was not the first.')
  return {
    ...first,
    clock,
    database,
    firstRun,
    logLines,
    events: seen,
    rows: (sql, params) => asSystem(database).read.query(sql, params),
    secondProcess: start,
    async stop() {
      for (const server of servers) await server.stop(1_000)
      for (const identity of identities) await identity.stop()
      for (const stop of stopping) await stop()
    },
  }
}

function caller(url: string) {
  return call

  async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { body, key, from, jar, headers = {} } = options
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(from === undefined ? {} : { 'x-forwarded-for': from }),
        ...(jar?.size ? { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    for (const line of response.headers.getSetCookie()) keepCookie(jar, line)
    const text = await response.text()
    const answer = {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    }
    // As a page does whose access token has expired, once.
    const renewable = jar?.has('levqor_refresh') || jar?.has('__Secure-levqor_refresh')
    if (answer.status !== 401 || !renewable || options.renew === false || path === refreshPath) return answer
    const renewed = await call('POST', refreshPath, {
      ...(jar === undefined ? {} : { jar }),
      headers,
      ...(from === undefined ? {} : { from }),
    })
    return renewed.status === 200 ? call(method, path, { ...options, renew: false }) : answer
  }
}

function keepCookie(jar: Map<string, string> | undefined, line: string): void {
  const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
  if (/Max-Age=0(;|$)/.test(line)) jar?.delete(name)
  else jar?.set(name, value)
}

export function tokenOf(link: string): string {
  return new URL(link).hash.replace('#token=', '')
}
