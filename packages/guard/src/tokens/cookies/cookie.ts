// One cookie as it is set and read. On HTTPS its name carries the prefix that makes browsers insist on how it was set;
// plain HTTP is for development on loopback, where browsers refuse the prefixes.
import { guardError } from '../../errors.ts'
import { isCookieName, isCookiePath } from '../token-policy.ts'
import { type CookieReading, isCookieValue, readCookie } from './cookie-header.ts'

/** A cookie as data. */
export interface CookieFacts {
  /** Without prefix. */
  readonly name: string
  /** `Strict`: never sent from another site. `Lax`: also when somebody follows a link, for sessions of pages. */
  readonly sameSite: 'Strict' | 'Lax'
  /** Default lifetime in milliseconds, whole seconds. */
  readonly lifetimeMs: number
  /**
   * Absent: `__Host-`, this host alone and all its paths. A path: `__Secure-`, sent to that path alone
   * (draft-ietf-httpbis-rfc6265bis section 4.1.3).
   */
  readonly path?: string
}

/** A cookie that can be set, read and ended. */
export interface Cookie {
  /** With prefix, as browsers send it. */
  readonly name: string
  /** From a request's Cookie field. Never throws; two of the name count as none. */
  read(header: string | readonly string[] | undefined): CookieReading
  /**
   * `Set-Cookie` for a value of letters, digits, `.`, `_` and `-`.
   * @param lifetimeMs default: that of the facts
   * @throws RangeError for any other value
   */
  write(value: string, lifetimeMs?: number): string
  /** `Set-Cookie` that removes it. */
  end(): string
}

/**
 * A cookie for a deployment on HTTPS or on plain HTTP: never read both names of one cookie, or whoever answers for a
 * moment on plain HTTP can plant one.
 * @throws GuardError `bad_token_policy`
 * @example
 * const session = createCookie({ name: 'session', sameSite: 'Lax', lifetimeMs: 30 * 86_400_000 }, { https: true })
 * reply.header('set-cookie', session.write(token))
 */
export function createCookie(facts: CookieFacts, { https }: { readonly https: boolean }): Cookie {
  const { sameSite, lifetimeMs, path } = facts
  if (!isCookieName(facts.name) || (path !== undefined && !isCookiePath(path))) {
    throw guardError(
      'bad_token_policy',
      'A cookie needs a plain name without prefix, and a plain path if any.',
    )
  }
  const prefix = path === undefined ? '__Host-' : '__Secure-'
  const name = https ? `${prefix}${facts.name}` : facts.name
  const attributes = `Path=${path ?? '/'}; HttpOnly; SameSite=${sameSite}${https ? '; Secure' : ''}`
  return {
    name,
    read: (header) => readCookie(header, name),
    write(value, ms = lifetimeMs) {
      if (!isCookieValue(value)) throw new RangeError('A cookie here holds letters, digits, ".", "_" and "-"')
      return `${name}=${value}; Max-Age=${Math.max(0, Math.floor(ms / 1000))}; ${attributes}`
    },
    end: () => `${name}=; Max-Age=0; ${attributes}`,
  }
}
