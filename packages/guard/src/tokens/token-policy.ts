// Lifetimes and names of tokens and cookies as data.
import { guardError } from '../errors.ts'
import { checkShaped, formatProblems } from '../policy/check-shaped.ts'
import type { PolicyProblem } from '../policy/policy.ts'
import { tokenShape } from '../policy/policy-shapes.ts'

/** The part of the policy that tokens and cookies read. */
export interface TokenPolicy {
  /** `iss` of every access token: the origin or name of this application. */
  readonly issuer: string
  /** `aud` of every access token: the API that it is for. */
  readonly audience: string
  /** How long an access token holds (default 15 minutes; 1 minute to 1 hour, whole seconds). */
  readonly accessLifetimeMs?: number
  /** How long a family of refresh tokens holds, whatever its use (default 30 days; at most 90, whole seconds). */
  readonly refreshLifetimeMs?: number
  /** For so long whoever loses a race with a refresh token gets the winner's successor (default 10 s; at most 60). */
  readonly reuseWindowMs?: number
  /** For browsers: names without prefix, and the only path to which the refresh token is sent. */
  readonly cookies?: TokenCookiePolicy
}

/** Cookies of the token style. */
export interface TokenCookiePolicy {
  /** Default `access`. */
  readonly access?: string
  /** Default `refresh`. */
  readonly refresh?: string
  /** Such as `/auth/refresh`. */
  readonly refreshPath: string
}

/** A policy with its defaults. */
export interface TokenSettings {
  readonly issuer: string
  readonly audience: string
  readonly accessLifetimeMs: number
  readonly refreshLifetimeMs: number
  readonly reuseWindowMs: number
}

/** The defaults filled in. */
export function tokenSettings(policy: TokenPolicy): TokenSettings {
  return {
    issuer: policy.issuer,
    audience: policy.audience,
    accessLifetimeMs: policy.accessLifetimeMs ?? 15 * minuteMs,
    refreshLifetimeMs: policy.refreshLifetimeMs ?? 30 * dayMs,
    reuseWindowMs: policy.reuseWindowMs ?? 10_000,
  }
}

const minuteMs = 60_000
const dayMs = 86_400_000

/** Problems of this part of a policy, each with its place and its fix. */
export function checkTokenPolicy(policy: TokenPolicy, path: string): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const say = (code: string, at: string, fix: string) => problems.push({ code, path: `${path}.${at}`, fix })
  for (const at of ['issuer', 'audience'] as const) {
    // Printable ASCII without spaces: compared byte by byte, so two spellings of one name must not exist.
    if (!/^[\x21-\x7e]{1,255}$/.test(policy[at])) {
      say(`token_${at}`, at, 'Use 1 to 255 printable characters without spaces, such as https://app.example.')
    }
  }
  const { accessLifetimeMs, refreshLifetimeMs, reuseWindowMs } = tokenSettings(policy)
  if (!isWholeSeconds(accessLifetimeMs, minuteMs, 60 * minuteMs)) {
    say('token_lifetime', 'accessLifetimeMs', 'Use whole seconds, 1 minute (60_000) to 1 hour (3_600_000).')
  }
  if (!isWholeSeconds(refreshLifetimeMs, minuteMs, 90 * dayMs)) {
    say('token_lifetime', 'refreshLifetimeMs', 'Use whole seconds, at most 90 days (7_776_000_000).')
  } else if (refreshLifetimeMs <= accessLifetimeMs) {
    say('token_lifetimes', 'refreshLifetimeMs', 'A refresh token must hold longer than an access token.')
  }
  if (!(Number.isInteger(reuseWindowMs) && reuseWindowMs >= 0 && reuseWindowMs <= 60_000)) {
    say('token_reuse_window', 'reuseWindowMs', 'Use 0 to 60_000: a thief may use a stolen token for as long.')
  }
  if (policy.cookies !== undefined) problems.push(...checkCookies(policy.cookies, `${path}.cookies`))
  return problems
}

function checkCookies(cookies: TokenCookiePolicy, path: string): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const { access = 'access', refresh = 'refresh', refreshPath } = cookies
  for (const [at, name] of Object.entries({ access, refresh })) {
    if (!isCookieName(name)) {
      const fix = 'Use letters, digits, "_" and "-", without __Host- or __Secure-, which are added on HTTPS.'
      problems.push({ code: 'cookie_name', path: `${path}.${at}`, fix })
    }
  }
  if (access === refresh) {
    problems.push({ code: 'cookie_name_twice', path: `${path}.refresh`, fix: 'Name the two cookies apart.' })
  }
  if (!isCookiePath(refreshPath) || refreshPath === '/') {
    const fix = 'Name the path of the refresh door, such as /auth/refresh: the token is sent nowhere else.'
    problems.push({ code: 'cookie_path', path: `${path}.refreshPath`, fix })
  }
  return problems
}

/**
 * For those who use tokens without a whole policy.
 * @param found what is wrong beside the policy, to be told together with it
 * @throws GuardError `bad_token_policy` with every problem
 */
export function requireTokenPolicy(policy: TokenPolicy, found: readonly PolicyProblem[] = []): void {
  const problems = [...checkShaped(tokenShape, policy, 'tokens', checkTokenPolicy), ...found]
  if (problems.length === 0) return
  throw guardError(
    'bad_token_policy',
    `This token policy cannot be used:\n${formatProblems(problems)}`,
    problems,
  )
}

/** A cookie's name without prefix. Narrower than RFC 6265 section 4.1.1, so that no reader disagrees about it. */
export function isCookieName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(name) && !/^__(host|secure)-/i.test(name)
}

/** An absolute path without anything that ends or splits a cookie's attribute. */
export function isCookiePath(path: string): boolean {
  return /^\/[A-Za-z0-9/_.~-]{0,255}$/.test(path)
}

function isWholeSeconds(ms: number, leastMs: number, mostMs: number): boolean {
  return Number.isInteger(ms) && ms % 1000 === 0 && ms >= leastMs && ms <= mostMs
}
