// The two cookies: the session, and the mark by which a browser that asked for a link is recognised.
import { isTokenShaped } from '../secrets/opaque-token.ts'

interface CookieFacts {
  readonly name: string
  readonly sameSite: 'Lax' | 'Strict'
}

// Lax, so that somebody who follows a link in a mail arrives signed in.
const session: CookieFacts = { name: 'levqor_session', sameSite: 'Lax' }
const browser: CookieFacts = { name: 'levqor_browser', sameSite: 'Strict' }

/** The session's secret, if the request carries one in the right form. */
export function readSessionCookie(header: string | undefined, https: boolean): string | undefined {
  return read(session, header, https)
}

export function readBrowserCookie(header: string | undefined, https: boolean): string | undefined {
  return read(browser, header, https)
}

export function sessionCookie(value: string, https: boolean, maxAgeMs: number): string {
  return write(session, value, https, maxAgeMs)
}

export function endedSessionCookie(https: boolean): string {
  return write(session, '', https, 0)
}

export function browserCookie(value: string, https: boolean, maxAgeMs: number): string {
  return write(browser, value, https, maxAgeMs)
}

// __Host-: only this host, over HTTPS, for all paths could have set it (RFC 6265bis section 4.1.3.2). Browsers refuse
// the prefix on plain HTTP, which is served on loopback alone.
function nameOf({ name }: CookieFacts, https: boolean): string {
  return https ? `__Host-${name}` : name
}

function read(facts: CookieFacts, header: string | undefined, https: boolean): string | undefined {
  const start = `${nameOf(facts, https)}=`
  for (const pair of header?.split(';') ?? []) {
    const text = pair.trim()
    if (!text.startsWith(start)) continue
    const value = text.slice(start.length)
    return isTokenShaped(value) ? value : undefined
  }
  return undefined
}

// Values are base64url, so nothing needs to be encoded.
function write(facts: CookieFacts, value: string, https: boolean, maxAgeMs: number): string {
  const attributes = [
    'Path=/',
    'HttpOnly',
    `SameSite=${facts.sameSite}`,
    `Max-Age=${Math.floor(maxAgeMs / 1000)}`,
  ]
  return [`${nameOf(facts, https)}=${value}`, ...attributes, ...(https ? ['Secure'] : [])].join('; ')
}
