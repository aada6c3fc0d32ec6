// Origins as text: `https://app.example`. Compared byte by byte everywhere, so only the canonical form is one.

/** Whether a text is an origin in its canonical form (RFC 6454 section 6.2) of a page on the web. */
export function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { origin, protocol, hostname } = new URL(text)
  const web = protocol === 'https:' || protocol === 'http:'
  // A URL may hold "*" as a name; a list that is compared byte by byte must not look as if it understood patterns.
  return origin === text && web && /^(?:[a-z0-9.-]+|\[[\da-f:.]+\])$/.test(hostname)
}

/** Whether an origin is this machine itself: `localhost` and everything below it, loopback addresses. */
export function isLoopbackOrigin(origin: string): boolean {
  const { hostname } = new URL(origin)
  return /^(?:(?:.+\.)?localhost\.?|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/.test(
    hostname,
  )
}
