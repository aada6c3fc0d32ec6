// The environment becomes one frozen value, or one error that lists everything wrong with it.
import { resolve } from 'node:path'
import { createSecret, type ProtectionMode, type Secret } from '@levqor/guard'
import { type ConfigProblem, configError } from './config-error.ts'
import { keptSecret, minimumSecretBits, minimumSecretCharacters } from './installation-secret.ts'
import { isLoopbackHost } from './loopback.ts'
import { productionProblems } from './production-rules.ts'
import { type ProviderConfig, providerProblems, providersOf } from './provider-config.ts'
import { type Role, type Values, variables } from './variables.ts'

export interface Config {
  readonly mode: 'development' | 'production'
  readonly host: string
  readonly port: number
  /** Public origin, without a slash at the end. */
  readonly url: string
  /** Absolute. */
  readonly dataDir: string
  readonly database: {
    readonly url: string
    readonly poolSize: number
    readonly synchronous: 'FULL' | 'NORMAL'
  }
  readonly redisUrl: string | undefined
  readonly secret: Secret
  readonly roles: ReadonlySet<Role>
  readonly adminEmail: string
  readonly trustedProxies: readonly string[]
  readonly corsOrigins: readonly string[]
  readonly egressAllow: readonly string[]
  /** Where people may sign in beside here. */
  readonly providers: readonly ProviderConfig[]
  readonly registration: Values['LEVQOR_REGISTRATION']
  readonly mail: { readonly smtpUrl: string | undefined; readonly from: string }
  readonly logLevel: Values['LOG_LEVEL']
  /** Check every answer against its contract: in tests, where it costs nobody anything. */
  readonly checkAnswers: boolean
  /** Every limit of the guard's policy times this. */
  readonly limitsMultiplier: number
  readonly leaseMs: number
  readonly concurrency: number
  readonly stopTimeoutMs: number
  readonly switches: {
    readonly limits: ProtectionMode
    readonly headers: ProtectionMode
    readonly abuse: ProtectionMode
  }
  /** Things worth telling the operator that do not stop the start. */
  readonly warnings: readonly string[]
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the environment. In development the secret is made and kept in the data folder when it is not set.
 * @param cwd what relative paths are relative to
 * @throws ConfigError `bad_configuration` with all problems
 * @example const config = loadConfig(process.env)
 */
export function loadConfig(env: Environment, cwd: string = process.cwd()): Config {
  const problems: ConfigProblem[] = []
  const values = parse(env, problems)
  const production = isProduction(values)
  if (production) problems.push(...productionProblems(values))
  problems.push(...providerProblems(values, production))
  if (problems.length > 0) throw configError(problems)

  // Every variable parsed, or an error was thrown above.
  const all = values as Values
  const dataDir = resolve(cwd, all.LEVQOR_DATA_DIR)
  const url = all.LEVQOR_URL ?? `http://localhost:${all.PORT}`
  return {
    mode: production ? 'production' : 'development',
    host: all.HOST,
    port: all.PORT,
    url,
    dataDir,
    database: {
      url: databaseUrl(all.DATABASE_URL, dataDir, cwd),
      poolSize: all.DATABASE_POOL_SIZE,
      synchronous: all.DATABASE_SYNCHRONOUS,
    },
    redisUrl: all.REDIS_URL,
    secret: loadSecret(all.LEVQOR_SECRET, dataDir),
    roles: new Set(all.LEVQOR_ROLES),
    adminEmail: all.LEVQOR_ADMIN_EMAIL.toLowerCase(),
    trustedProxies: all.TRUSTED_PROXIES,
    corsOrigins: all.CORS_ALLOWED_ORIGINS,
    egressAllow: all.LEVQOR_EGRESS_ALLOW,
    providers: providersOf(all),
    registration: all.LEVQOR_REGISTRATION,
    mail: { smtpUrl: all.SMTP_URL, from: all.MAIL_FROM ?? `Levqor <levqor@${new URL(url).hostname}>` },
    logLevel: all.LOG_LEVEL,
    checkAnswers: all.NODE_ENV === 'test',
    limitsMultiplier: all.LEVQOR_LIMITS_MULTIPLIER,
    leaseMs: all.LEVQOR_LEASE_MS,
    concurrency: all.LEVQOR_CONCURRENCY,
    stopTimeoutMs: all.LEVQOR_STOP_TIMEOUT_MS,
    switches: {
      limits: all.RATELIMIT_ENABLED,
      headers: all.SECURITY_HEADERS_ENABLED,
      abuse: all.ABUSE_GUARDS_ENABLED,
    },
    warnings: unknownVariables(env),
  }
}

function parse(env: Environment, problems: ConfigProblem[]): Partial<Values> {
  const values: Record<string, unknown> = {}
  for (const [name, { schema, mend }] of Object.entries(variables)) {
    // Compose files and shells pass unset variables on as empty texts.
    const text = env[name]?.trim() || undefined
    const parsed = schema.safeParse(text)
    if (parsed.success) values[name] = parsed.data
    else problems.push({ variable: name, message: 'The value has the wrong form.', mend })
  }
  // Keys and schemas come from the very table that Values is derived from.
  return values as Partial<Values>
}

function isProduction({ NODE_ENV, HOST, LEVQOR_URL }: Partial<Values>): boolean {
  if (NODE_ENV === 'production') return true
  if (HOST !== undefined && !isLoopbackHost(HOST)) return true
  return LEVQOR_URL !== undefined && !isLoopbackHost(new URL(LEVQOR_URL).hostname)
}

function loadSecret(given: string | undefined, dataDir: string): Secret {
  const mend = variables.LEVQOR_SECRET.mend
  let text = given
  if (text === undefined) {
    try {
      text = keptSecret(dataDir)
    } catch (error) {
      const message = `No secret could be kept in the data folder (${error instanceof Error ? error.message : error}).`
      throw configError([{ variable: 'LEVQOR_DATA_DIR', message, mend: variables.LEVQOR_DATA_DIR.mend }])
    }
  }
  try {
    if (text.length < minimumSecretCharacters) throw new Error('short')
    return createSecret(text, { name: 'LEVQOR_SECRET', minimumBits: minimumSecretBits })
  } catch {
    // Only the verdict matters, and the message of a weak secret must not repeat it.
    const message = 'The secret is too short or too easy to guess.'
    throw configError([{ variable: 'LEVQOR_SECRET', message, mend }])
  }
}

function databaseUrl(given: string | undefined, dataDir: string, cwd: string): string {
  if (given === undefined) return `sqlite:${resolve(dataDir, 'levqor.db')}`
  return given.startsWith('sqlite:') ? `sqlite:${resolve(cwd, given.slice('sqlite:'.length))}` : given
}

// A mistyped name would otherwise be ignored in silence.
function unknownVariables(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('LEVQOR_') && !name.startsWith('LEVQOR_TEST_'))
    .filter((name) => !(name in variables))
    .map((name) => `${name} is not a variable of Levqor and has no effect.`)
}
