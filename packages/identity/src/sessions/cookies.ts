// The cookies: the session (opaque, or as access and refresh token), an operator's own while they act for somebody, the first
// factor of a sign-in that waits for its second, the marks by which a browser that asked for a link or set out to a provider
// is recognised, and the proof that somebody has signed in from here before.
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
// Lax for the same reason. What it holds for is in the token; the cookie may be gone before.
const access = both({ name: 'levqor_access', sameSite: 'Lax', lifetimeMs: 60 * 60 * 1000 })
/** The refresh route's: no other is sent the refresh token. */
export const refreshPath = '/api/auth/refresh'
const refresh = both({
  name: 'levqor_refresh',
  sameSite: 'Strict',
  lifetimeMs: 30 * day,
  path: refreshPath,
})
// As good as the operator’s session, to which it leads back; only the route that stops acting for somebody reads it.
const operator = both({ name: 'levqor_operator', sameSite: 'Strict', lifetimeMs: 30 * day })
/** For so long a browser remembers who has signed in from it. */
export const knownDeviceMs = 180 * day
const device = both({ name: 'levqor_device', sameSite: 'Strict', lifetimeMs: knownDeviceMs })
const firstFactor = both({ name: 'levqor_first_factor', sameSite: 'Strict', lifetimeMs: 60 * 60 * 1000 })
// Lax: it must come along when the provider sends the browser back.
const provider = both({ name: 'levqor_provider', sameSite: 'Lax', lifetimeMs: 60 * 60 * 1000 })
// A day: it outlives mailed links and challenges, and the mail may be slow.
const browser = both({ name: 'levqor_browser', sameSite: 'Strict', lifetimeMs: day })

/** The session's secret, if the request carries one in the right form. */
export function readSessionCookie(header: string | undefined, https: boolean): string | undefined {
  return read(session(https), header)
}

export function readOperatorCookie(header: string | undefined, https: boolean): string | undefined {
  return read(operator(https), header)
}

export function operatorCookie(value: string, https: boolean, maxAgeMs: number): string {
  return operator(https).write(value, maxAgeMs)
}

export function endedOperatorCookie(https: boolean): string {
  return operator(https).end()
}

/** Of a sign-in that waits for its second factor. */
export function firstFactorCookie(value: string, https: boolean, maxAgeMs: number): string {
  return firstFactor(https).write(value, maxAgeMs)
}

export function readFirstFactorCookie(header: string | undefined, https: boolean): string | undefined {
  return read(firstFactor(https), header)
}

export function endedFirstFactorCookie(https: boolean): string {
  return firstFactor(https).end()
}

/** Of a browser that has set out to a provider. */
export function readProviderCookie(header: string | undefined, https: boolean): string | undefined {
  return read(provider(https), header)
}

export function providerCookie(value: string, https: boolean, maxAgeMs: number): string {
  return provider(https).write(value, maxAgeMs)
}

export function endedProviderCookie(https: boolean): string {
  return provider(https).end()
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

/** Believed by nobody until its signature is checked. */
export function readAccessCookie(header: string | undefined, https: boolean): string | undefined {
  const reading = access(https).read(header)
  return reading.outcome === 'found' ? reading.value : undefined
}

export function accessCookie(value: string, https: boolean, maxAgeMs: number): string {
  return access(https).write(value, maxAgeMs)
}

export function endedAccessCookie(https: boolean): string {
  return access(https).end()
}

export function readRefreshCookie(header: string | undefined, https: boolean): string | undefined {
  const reading = refresh(https).read(header)
  return reading.outcome === 'found' ? reading.value : undefined
}

export function refreshCookie(value: string, https: boolean, maxAgeMs: number): string {
  return refresh(https).write(value, maxAgeMs)
}

export function endedTokenCookies(https: boolean): string[] {
  return [access(https).end(), refresh(https).end()]
}

export function browserCookie(value: string, https: boolean): string {
  return browser(https).write(value)
}

function read(cookie: Cookie, header: string | undefined): string | undefined {
  const reading = cookie.read(header)
  return reading.outcome === 'found' && isTokenShaped(reading.value) ? reading.value : undefined
}
