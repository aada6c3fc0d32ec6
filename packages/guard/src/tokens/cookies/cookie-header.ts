// Reading one cookie out of a Cookie field. The browser tells neither who set a cookie nor for which path or domain, so
// two of one name mean that somebody, such as a page of a sister domain, may have put one in front of ours ("cookie
// tossing"): then neither is believed.

/** What a Cookie field holds under one name. */
export type CookieReading =
  | { readonly outcome: 'found'; readonly value: string }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'refused'; readonly cause: 'cookie_twice' | 'cookie_form' | 'cookie_header_long' }

/** More than any server takes for all header fields together by default; work is linear below it. */
const maxHeaderLength = 32_768

/** Looks for a cookie by its exact name. Other cookies may look as they like. */
export function readCookie(header: string | readonly string[] | undefined, name: string): CookieReading {
  // HTTP/2 may send several Cookie fields (RFC 9113 section 8.2.3).
  const text = typeof header === 'string' ? header : (header?.join(';') ?? '')
  if (text.length > maxHeaderLength) return { outcome: 'refused', cause: 'cookie_header_long' }
  let value: string | undefined
  for (let start = 0; start < text.length; ) {
    const semicolon = text.indexOf(';', start)
    const end = semicolon < 0 ? text.length : semicolon
    const equals = text.indexOf('=', start)
    if (equals >= 0 && equals < end && text.slice(start, equals).trim() === name) {
      if (value !== undefined) return { outcome: 'refused', cause: 'cookie_twice' }
      value = text.slice(equals + 1, end).trim()
    }
    start = end + 1
  }
  if (value === undefined) return { outcome: 'missing' }
  return isCookieValue(value) ? { outcome: 'found', value } : { outcome: 'refused', cause: 'cookie_form' }
}

/** The values that are ever set here: base64url and compact tokens. Nothing needs quotes or an encoding. */
export function isCookieValue(value: string): boolean {
  return value.length <= 4096 && /^[A-Za-z0-9._-]+$/.test(value)
}
