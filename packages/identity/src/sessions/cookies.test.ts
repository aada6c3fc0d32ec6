import { describe, expect, it } from 'vitest'
import { newToken } from '../secrets/opaque-token.ts'
import {
  browserCookie,
  endedSessionCookie,
  readBrowserCookie,
  readSessionCookie,
  sessionCookie,
} from './cookies.ts'
import { deviceLabel } from './device-label.ts'

const { text } = newToken()

describe('cookies', () => {
  it('are bound to this very host over HTTPS, and to nothing a script can read', () => {
    expect(sessionCookie(text, true, 60_000)).toBe(
      `__Host-levqor_session=${text}; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure`,
    )
    expect(sessionCookie(text, false, 60_000)).toBe(
      `levqor_session=${text}; Max-Age=60; Path=/; HttpOnly; SameSite=Lax`,
    )
    expect(browserCookie(text, true)).toContain('SameSite=Strict')
    expect(endedSessionCookie(true)).toContain('Max-Age=0')
  })

  it('are read by their exact name: on HTTPS the plain name is somebody else’s', () => {
    const header = `a=b; levqor_session=${text}; x__Host-levqor_session=${text}`
    expect(readSessionCookie(header, false)).toBe(text)
    expect(readSessionCookie(header, true)).toBeUndefined()
    expect(readSessionCookie(`__Host-levqor_session=${text}`, true)).toBe(text)
    expect(readBrowserCookie(header, false)).toBeUndefined()
    expect(readSessionCookie(undefined, true)).toBeUndefined()
  })

  it('two of one name count as none: one of them was put there by somebody else', () => {
    const other = newToken().text
    expect(readSessionCookie(`levqor_session=${other}; levqor_session=${text}`, false)).toBeUndefined()
  })

  it.each(['', 'short', `${text}a`, `${text.slice(1)}%`, `"${text}"`])('ignore the value %s', (value) => {
    expect(readSessionCookie(`levqor_session=${value}`, false)).toBeUndefined()
  })
})

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18 Safari/605',
    'Safari on macOS',
  ],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140', 'Edge on Windows'],
  ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140 Mobile Safari/537', 'Chrome on Android'],
  ['curl/8.5.0', 'a program'],
  [undefined, 'unknown'],
])('%s is shown as %s', (agent, label) => {
  expect(deviceLabel(agent)).toBe(label)
})
