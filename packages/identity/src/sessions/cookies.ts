// The three cookies: the session, the mark by which a browser that asked for a link is recognised, and the proof that
// somebody has signed in from here before.
import { type Cookie, type CookieFacts, createCookie } from '@levqor/guard/tokens'
import { isTokenShaped } from '../secrets/opaque-token.ts'

const day = 24 * 60 * 60 * 1000

/** One cookie per way of being served: the name on HTTPS is never read on plain HTTP, nor the reverse. */
function both(facts: CookieFacts): (https: boolean) => Cookie {
  const secure = createCookie(facts, { https: true })
  const plain = createCookie(facts, { https: false })
  return (https) => (https ? secure : plain)
}

// Lax, so that somebody who follows a link in a mail arrives signed in.
const session = both({ name: 'levqor_session', sameSite: 'Lax', lifetimeMs: 30 * day })
const device = both({ name: 'levqor_device', sameSite: 'Strict', lifetimeMs: 180 * day })
const browser = both({ name: 'levqor_browser', sameSite: 'Strict', lifetimeMs: day })

/** The session's secret, if the request carries one in the right form. */
export function readSessionCookie(header: string | undefined, https: boolean): string | undefined {
  return read(session(https), header)
}

export function readBrowserCookie(header: string | undefined, https: boolean): string | undefined {
  return read(browser(https), header)
}

/** Proven by `KnownDevices`, not here. */
export function readDeviceCookie(header: string | undefined, https: boolean): string | undefined {
  const reading = device(https).read(header)
  return reading.outcome === 'found' ? reading.value : undefined
}

export function deviceCookie(value: string, https: boolean): string {
  return device(https).write(value)
}

export function sessionCookie(value: string, https: boolean, maxAgeMs: number): string {
  return session(https).write(value, maxAgeMs)
}

export function endedSessionCookie(https: boolean): string {
  return session(https).end()
}

export function browserCookie(value: string, https: boolean, maxAgeMs: number): string {
  return browser(https).write(value, maxAgeMs)
}

function read(cookie: Cookie, header: string | undefined): string | undefined {
  const reading = cookie.read(header)
  return reading.outcome === 'found' && isTokenShaped(reading.value) ? reading.value : undefined
}
